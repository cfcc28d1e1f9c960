"""The last line of a run: how many cells of the access matrix were asked, and how many were right."""

from collections import defaultdict


def pytest_terminal_summary(terminalreporter):
    kinds = defaultdict(lambda: [0, 0])
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "matrix" and report.when == "teardown":
                    kind, count, wrong = value
                    kinds[kind][0] += count
                    kinds[kind][1] += count - wrong
    if not kinds:
        return
    for kind, (count, right) in sorted(kinds.items()):
        terminalreporter.write_line(f"matrix: {kind}: {count} cells, {right} right")
    count, right = (sum(column) for column in zip(*kinds.values(), strict=True))
    terminalreporter.write_line(f"matrix: {count} cells, {right} right")
