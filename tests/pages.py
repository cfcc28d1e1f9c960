"""What a reader sees of a response: its text, its table rows."""

import html
import re


def html_of(response) -> str:
    return response.content.decode()


def text_of(response) -> str:
    """The page's text with single spaces, without tags."""
    return plain(html_of(response))


def plain(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def rows_of(response) -> list[str]:
    """The text of each body row of the page's tables, in order."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", html_of(response), re.DOTALL)
    return [plain(row) for body in bodies for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]
