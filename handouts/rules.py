"""The id of every rule there is: what a standard may name as holding one of its items.

Rules are functions that give their ids to the problems they make; this list says which ids there are without running
them. `tests/test_standards.py` holds it against the source, so that it cannot fall behind.
"""

RULES: frozenset[str] = frozenset(
    {
        "archive/tagged",
        "build/cache", "build/output", "build/worker",
        "clinic/contrast", "clinic/language", "clinic/logo", "clinic/sample", "clinic/site",
        "cluster/address", "cluster/connection", "cluster/disk", "cluster/extra", "cluster/threads", "cluster/versions",
        "cluster/worker", "cluster/workers",
        "consent/element", "consent/profile", "consent/section",
        "content/duplicate-id", "content/duplicate-key", "content/empty", "content/glossary", "content/icon",
        "content/name", "content/order", "content/placeholder", "content/reference", "content/schema",
        "content/shared", "content/term", "content/yaml",
        "currency/due", "currency/expired", "currency/period",
        "desk/document", "desk/register",
        "evidence/agrees", "evidence/complete", "evidence/sourced", "evidence/used",
        "fields/check-box", "fields/name", "fields/order", "fields/size", "fields/too-long", "fields/tooltip",
        "fields/unknown",
        "init/exists", "init/unwritable",
        "ipdas/balance", "ipdas/element", "ipdas/profile", "ipdas/section", "ipdas/uncertainty",
        "layout/font", "layout/glyph", "layout/render",
        "numbers/addresses", "numbers/doses", "numbers/multiset",
        "pack/accessible", "pack/active", "pack/file", "pack/link", "pack/part", "pack/read",
        "plain/actions", "plain/addressed", "plain/arithmetic", "plain/capitals", "plain/chunks", "plain/headings",
        "plain/lists", "plain/rows",
        "preview/page", "preview/templates", "preview/worker",
        "print/contrast", "print/edge", "print/italics", "print/justified", "print/measure", "print/overlap",
        "print/paper", "print/size", "print/stranded",
        "project/missing", "project/outside", "project/size", "project/unreadable",
        "readability/grade", "readability/jargon", "readability/paragraph", "readability/passive",
        "readability/sentence", "readability/smog",
        "release/refused",
        "risk/denominator", "risk/framing", "risk/one-in-x", "risk/percent", "risk/relative", "risk/verbal",
        "script/letters", "script/punctuation", "script/spaces",
        "serving/extra", "serving/port", "sign/unwritable",
        "signoff/known", "signoff/void",
        "specimen/fonts", "specimen/language", "specimen/text",
        "standards/item", "standards/profile", "standards/ratings", "standards/rules",
        "templates/jinja",
        "translation/incomplete", "translation/language", "translation/markup", "translation/missing",
        "translation/not-begun", "translation/placeholders", "translation/plural-count", "translation/plural-header",
        "translation/syntax",
        "usage/cache", "usage/date", "usage/handout", "usage/language", "usage/pack", "usage/pseudo", "usage/role", "usage/sign", "usage/site",
        "verify/document", "verify/file", "verify/pdf", "verify/unknown",
        "web/alt", "web/external",
        "wording/consistency", "wording/glossary", "wording/length", "wording/negation", "wording/quotation",
        "wording/repeated", "wording/same",
    }
)  # fmt: skip
