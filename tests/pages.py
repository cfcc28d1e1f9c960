"""What a reader sees of a response (text, table rows), and what a browser sends back of a form."""

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


def form_data(response) -> dict:
    """What a browser would send back of an admin form nobody touched, inlines included."""
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False and value != []:
                data[bound.html_name] = value
    return data


def form_errors(response) -> list[str]:
    """What the admin form says is wrong, inlines aside."""
    form = response.context["adminform"].form
    return [message for messages in form.errors.values() for message in messages]


def with_row(data, prefix, **row) -> dict:
    """`data` with one more row in the inline `prefix`."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    fields = {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data | fields | {f"{prefix}-TOTAL_FORMS": number + 1}


def inline_errors(response) -> list[str]:
    """What the lists inside the admin form say is wrong."""
    sets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    of_rows = [form.errors for formset in sets for form in formset.forms]
    said = [message for errors in of_rows for messages in errors.values() for message in messages]
    return said + [message for formset in sets for message in formset.non_form_errors()]
