"""What the site shows: a MkDocs hook that takes pages from where the repository has them.

Everything keeps its path, so that links lead where they do in the repository, but for two kinds of
file: a report's Markdown gives way to its page, which is copied, and plain text becomes a page.
"""

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md")
PICTURES = tuple(
    f"{folder}/*.{kind}"
    for folder in ("reports/*/assets", "benchmarks/results", "docs/**")
    for kind in ("png", "svg")
)
TEXTS = ("LICENSE", "benchmarks/results/*.txt", "studies/*.yaml", "data/conversation/*.json")
ORDER = (
    *("benchmarks", "peers", "why", "metrics", "eval_plan", "performance"),
    *("data", "models", "cli", "extending", "clusters", "design", "runbook"),
)
"""How the pages of docs/ follow one another; any others stand behind them."""
KEPT = re.compile(r"^!runs/([^/]+)/", re.MULTILINE)
"""A run that git keeps; of another's report we do not know whether it may be shown."""
COMMENT = re.compile(r"^<!--(?:(?!-->).)*-->\n", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<=\]\()(?!\w+:)(?P<path>[^)#\s]+)(?P<anchor>#[^)\s]*)?(?=\))")
REPORT = re.compile(r"(?P<report>reports/[^/]+/)(?P<rest>(?:(?P<suite>[^/]+)/)?[^/]+\.md)")
ROW = re.compile(r"^\|.*", re.MULTILINE)
INTERVAL = re.compile(r"\[[-+.\d]+(?:, [-+.\d]+| %)\]")
TEXT_PAGE = """\
---
title: {name}
search: {{exclude: true}}
---

# {name}

~~~~text
{text}
~~~~
"""


def found(patterns: Iterable[str]) -> list[str]:
    """Return the repository's files of some patterns."""
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    return [path.relative_to(ROOT).as_posix() for path in paths]


def reports() -> list[str]:
    """Return the pages of the reports whose runs are kept, the newest first."""
    kept = set(KEPT.findall((ROOT / ".gitignore").read_text("utf-8")))
    return sorted(found(f"reports/{run}/index.html" for run in kept), reverse=True)


def navigation() -> list[dict[str, Any]]:
    """Return the pages in their order; those without a title here have their own."""
    places = {f"docs/{name}.md": place for place, name in enumerate(ORDER)}
    docs = sorted(found(["docs/*.md"]), key=lambda path: places.get(path, len(places)))
    return [
        {"Home": "README.md"},
        {"Results": [{_title(report): report} for report in reports()]},
        {"Documentation": docs},
        {"Project": ["CONTRIBUTING.md", "CHANGELOG.md"]},
    ]


def _title(report: str) -> str:
    """Return the name of a report's run, and what was asked in it."""
    folder = (ROOT / report).parent
    suites = sorted(path.parent.name for path in folder.glob("*/summary.md"))
    return f"{folder.name}: {', '.join(suites)}"


def shown(markdown: str, page: str) -> str:
    """Return a page as the site has it: without comments, and with links to what is there."""
    texts = found(TEXTS)

    def target(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), link["path"]))
        if path in texts:
            return f"{link['path']}.md"
        if told := REPORT.fullmatch(path):
            anchor = _anchor(told["report"], told["suite"], link["anchor"] or "")
            return f"{link['path'].removesuffix(told['rest'])}index.html{anchor}"
        return link[0]

    return ROW.sub(_unbroken, LINK.sub(target, COMMENT.sub("", markdown)))


def _unbroken(row: re.Match[str]) -> str:
    """Return a table's row whose intervals stay on one line."""
    return INTERVAL.sub(lambda interval: interval[0].replace(" ", "\N{NO-BREAK SPACE}"), row[0])


def _anchor(report: str, suite: str | None, wanted: str) -> str:
    """Return where on a report's page a link leads: as it says, else to its suite if it has one."""
    page = ROOT / report / "index.html"
    anchors = re.findall(r' id="([^"]+)"', page.read_text("utf-8")) if page.is_file() else []
    if wanted.removeprefix("#") in anchors:
        return wanted
    return next((f"#{name}" for name in anchors if suite and name.startswith(f"{suite}-")), "")


def on_config(config: Any) -> Any:
    """Tell MkDocs the order of the pages, and leave out the one that has to know its address."""
    config.nav = navigation()
    config.theme.static_templates.discard("404.html")
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the repository's files to those that lie beside this one."""
    from mkdocs.structure.files import File, InclusionLevel

    for path in [*found([*PAGES, *PICTURES]), *reports()]:
        files.append(File.generated(config, path, abs_src_path=str(ROOT / path)))
    for path in found(TEXTS):
        text = (ROOT / path).read_text("utf-8")
        content = TEXT_PAGE.format(name=posixpath.basename(path), text=text)
        aside = InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, f"{path}.md", content=content, inclusion=aside))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Prepare a page."""
    return shown(markdown, page.file.src_uri)
