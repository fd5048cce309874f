"""Prints the HTML papers of `taizhang-bench papers html DIR` with WeasyPrint.

    python3 benches/weasyprint-papers.py DIR [how many, 50]

All in one process, which is the best for it: 0.4 s a document more where each
is a process of its own. Without PDF/A, PDF/UA and attachments.
"""
import pathlib
import resource
import sys
import time

import weasyprint

folder = pathlib.Path(sys.argv[1])
most = int(sys.argv[2]) if len(sys.argv) > 2 else 50


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


print("| papers | set by | a second | CPU each | wall each | pages each | KB each |")
print("|---|---|--:|--:|--:|--:|--:|")
for name in ["forms", "minutes"]:
    pages = [folder / name / f"{number}.html" for number in range(1, most + 1)]
    weasyprint.HTML(pages[0]).write_pdf()
    before, start = cpu(), time.monotonic()
    count = size = 0
    for page in pages:
        document = weasyprint.HTML(page).render()
        count += len(document.pages)
        size += len(document.write_pdf())
    used, wall, each = cpu() - before, time.monotonic() - start, len(pages)
    print(
        f"| {each} {name} | WeasyPrint {weasyprint.__version__} | {each / wall:.1f} | {used / each * 1e3:.0f} ms "
        f"| {wall / each * 1e3:.0f} ms | {count / each:.1f} | {size / each / 1e3:.0f} |"
    )
