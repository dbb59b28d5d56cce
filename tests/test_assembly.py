"""A pack is as accessible as its parts: tags, languages, links, outlines and fields survive; stamps are no content."""

import io
import re
from functools import cache
from typing import Any

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from handouts import fonts, page_forms, pdf
from handouts.assembly import Assembled, Part, assemble, layout, page_count
from handouts.imposition import imposed, order
from handouts.navigation import address
from handouts.problems import HandoutsError
from tests.shipped import ROOT
from tests.tagged import catalog, content, elements, goal, kids, marks, parents

PAGE = '<html lang="{}"><head><title>{}</title></head><body>{}</body></html>'
STYLE = 'html { font-family: "Noto Sans", "Noto Sans Arabic" } @page { size: A5 }'
FORM = """<h1>Sign</h1><form><p><label>Name <input type="text" name="name" title="Your name"></label></p>
<p><label><input type="checkbox" name="agree" title="I agree"> I agree</label></p></form>"""
TABLE = '<table><tr><th scope="col">A</th><th scope="col">B</th></tr><tr><td>1</td><td>2</td></tr></table>'


@cache
def rendered(title: str, body: str, language: str = "en") -> bytes:
    """A small tagged page or two."""
    fonts.configure(ROOT / "templates", ROOT / ".cache")
    whole = PAGE.format(language, title, body)
    return pdf.render(whole, (STYLE, "input { appearance: auto }"), "", "0" * 32, "part.pdf")


def numbered(count: int, words: str) -> bytes:
    """Pages that each say one line at their foot."""
    style = "style='break-before: page'"
    return rendered("stamps", "".join(f"<p {style if page else ''}>{words} {page + 1}</p>" for page in range(count)))


@cache
def parts() -> tuple[Part, ...]:
    """A contents page with links to the others, a handout with a table on two pages, two forms alike, and an Arabic page."""
    contents = f'<h1>Contents</h1><p><a href="{address(2)}">Two</a> <a href="{address(5, "goal")}">Five</a></p>'
    handout = f'<h1>Risks</h1><p><a href="#goal">on</a></p>{TABLE}<h2 id="goal" style="break-before: page">Goal</h2><p>end</p>'
    return (
        Part(rendered("Contents", contents), "Contents", "en", "contents.pdf"),
        Part(rendered("Risks", handout), "Risks", "en", "risks.pdf"),
        Part(rendered("Sign", FORM), "Sign", "en", "sign.pdf"),
        Part(rendered("Sign", FORM + TABLE), "Sign again", "en", "again.pdf"),
        Part(rendered("مخاطر", '<h1 id="goal">مخاطر</h1><p>نص</p>', "ar"), "مخاطر", "ar", "arabic.pdf"),
    )


def made(*chosen: Part, **wishes: Any) -> Assembled:
    """A pack of these parts."""
    return assemble(chosen or parts(), title="The pack", language="en", identifier="pack-1", author="A clinic", **wishes)


@cache
def stamped() -> Assembled:
    """The pack with everything: both sides, filler pages and stamps."""
    plan = layout([page_count(part.pdf) for part in parts()], duplex=True)
    return made(duplex=True, stamps=numbered(plan.pages, "Pack page"), filler=rendered("blank", "<p>Left blank</p>"))


PACKS = pytest.mark.parametrize("pack", [made, stamped], ids=["plain", "stamped"])


def read(pack: Assembled) -> pypdf.PdfReader:
    """The pack as another library reads it."""
    return pypdf.PdfReader(io.BytesIO(pack.pdf), strict=True)


@PACKS
def test_every_reference_leads_somewhere(pack: Any) -> None:
    """Each element names the one above it, and pages, content and annotations that are in the pack."""
    reader = read(pack())
    pages = {page.indirect_reference for page in reader.pages}
    annotations = {ref for page in reader.pages for ref in page.get("/Annots", [])}
    referred = set()
    for _, element, above in elements(reader):
        assert element.raw_get("/P") == above
        assert element.raw_get("/Pg") in pages if "/Pg" in element else True
        for kid in kids(element):
            whole = kid.get_object()
            if isinstance(whole, dict) and whole.get("/Type") == "/OBJR":
                referred.add(whole.raw_get("/Obj"))
                assert whole.raw_get("/Pg") in pages
    assert referred == annotations


@PACKS
def test_content_and_tree_agree(pack: Any) -> None:
    """Every piece of content drawn on a page is in the tree once, and the parent tree leads back to its element."""
    reader = read(pack())
    back = parents(reader)
    owners = {(page, mark): ref for ref, element, _ in elements(reader) for page, mark in content(element)}
    drawn = {(page.indirect_reference, mark) for page in reader.pages for mark in marks(page)}
    assert set(owners) == drawn
    for page in reader.pages:
        for mark in marks(page):
            assert back[page["/StructParents"]].get_object()[mark] == owners[page.indirect_reference, mark]
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            element = back[annotation.get_object()["/StructParent"]].get_object()
            assert annotation in [kid.get_object().raw_get("/Obj") for kid in kids(element) if "/Obj" in str(kid.get_object())]
    keys = [page["/StructParents"] for page in reader.pages if "/StructParents" in page]
    assert len(set(keys)) == len(keys)


def test_tags_follow_the_pages() -> None:
    """The tree is read in the order of the pages."""
    reader = read(stamped())
    place = {page.indirect_reference: index for index, page in enumerate(reader.pages)}
    visited = [place[page] for _, element, _ in elements(reader) for page, _ in content(element)]
    assert visited == sorted(visited)


def test_parts_keep_language_and_title() -> None:
    """Under one Document stands a Part for each part, with its language and its title."""
    reader = read(made())
    (document,) = kids(catalog(reader)["/StructTreeRoot"])
    found = [kid.get_object() for kid in kids(document.get_object())]
    assert document.get_object()["/S"] == "/Document"
    assert [(part["/S"], part["/Lang"], part["/T"]) for part in found] == [("/Part", p.language, p.title) for p in parts()]


def _with_headers(part: Part) -> Part:
    """A part in whose table cells name their headers by identifiers, as some producers do."""
    writer, whole = pypdf.PdfWriter(clone_from=io.BytesIO(part.pdf)), io.BytesIO()
    for number in range(1, len(writer._objects) + 1):
        each = writer.get_object(number)
        if isinstance(each, DictionaryObject) and not isinstance(each, StreamObject) and each.get("/S") in ("/TH", "/TD"):
            own = DictionaryObject({NameObject("/O"): NameObject("/Table")})
            if each["/S"] == "/TH":
                each[NameObject("/ID")] = TextStringObject(f"head ({number}")
                last = TextStringObject(f"head ({number}")
            else:
                own[NameObject("/Headers")] = ArrayObject([last])
            each[NameObject("/A")] = writer._add_object(own) if number % 2 else own
    writer.write(whole)
    return Part(whole.getvalue(), part.title, part.language)


def test_headers_and_cells_meet() -> None:
    """Cell identifiers are unique, headers name existing ones, and the ID tree knows them all."""
    reader = read(made(*(_with_headers(parts()[index]) for index in (1, 3, 1))))
    names = [bytes(element["/ID"].original_bytes) for _, element, _ in elements(reader) if "/ID" in element]
    wanted = {
        bytes(header.original_bytes)
        for _, element, _ in elements(reader)
        if "/A" in element
        for attribute in ([element["/A"]] if isinstance(element["/A"], dict) else element["/A"])
        for header in attribute.get_object().get("/Headers", [])
    }
    listed = list(catalog(reader)["/StructTreeRoot"]["/IDTree"]["/Names"])[::2]
    assert len(set(names)) == len(names) == 6
    assert wanted
    assert wanted <= set(names)
    assert [bytes(name.original_bytes) for name in listed] == sorted(names)


def test_outline_is_nested() -> None:
    """The outline has one item a part, and below it the headings of the part."""
    reader = read(made())
    titles = [[each.title for each in item] if isinstance(item, list) else item.title for item in reader.outline]
    assert titles == ["Contents", "Risks", ["Goal"], "Sign", "Sign again", ["Sign"], "مخاطر"]
    starts = [reader.get_destination_page_number(item) for item in reader.outline if not isinstance(item, list)]
    assert starts == [start - 1 for start in made().layout.starts]


@PACKS
def test_links_lead_where_they_say(pack: Any) -> None:
    """Links inside a part, to another part and to a place in it become jumps; none keeps an address of the pack."""
    whole = pack()
    reader, starts = read(whole), whole.layout.starts
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots", []) if a.get_object()["/Subtype"] == "/Link"]
    assert [goal(reader, link) + 1 for link in links] == [starts[1], starts[4], starts[1] + 1]
    assert [link["/Contents"] for link in links[:2]] == ["Risks", "مخاطر"]
    assert b"pack.invalid" not in b"".join(str(link).encode() for link in links)


def test_a_link_to_no_part_is_a_problem() -> None:
    """A contents page that counts more parts than there are is told, with the name of its file."""
    with pytest.raises(HandoutsError) as caught:
        made(*parts()[:4])
    assert str(caught.value) == (
        "contents.pdf: error: a link leads to https://pack.invalid/part/5#goal, which the pack does not have [pack/link]\n"
        "    hint: count the parts of the pack from one"
    )


def test_field_names_are_unique() -> None:
    """Two parts with the same fields are one form in which each field has a name of its own."""
    fields: Any = read(made()).get_fields()
    leaves = [name for name, each in fields.items() if "/FT" in each]
    assert leaves == ["part-3.name", "part-3.agree", "part-4.name", "part-4.agree"]
    assert all(page["/Tabs"] == "/S" for page in read(made()).pages)


def test_fields_find_their_fonts() -> None:
    """The font that a field's appearance names is among the form's."""
    reader = read(made())
    known = catalog(reader)["/AcroForm"]["/DR"]["/Font"]
    names = [
        re.findall(r"/(\S+) [\d.]+ Tf", annotation.get_object()["/DA"])[0]
        for page in reader.pages
        for annotation in page.get("/Annots", [])
        if "/DA" in annotation.get_object()
    ]
    assert len(names) == 2
    assert {f"/{name}" for name in names} <= set(known)


def _in_another_font(part: Part) -> Part:
    """A part whose fonts have the same short names as others', and are not the same."""
    writer, whole = pypdf.PdfWriter(clone_from=io.BytesIO(part.pdf)), io.BytesIO()
    for number in range(1, len(writer._objects) + 1):
        each = writer.get_object(number)
        if isinstance(each, DictionaryObject) and each.get("/Type") == "/Font":
            each[NameObject("/BaseFont")] = NameObject("/Other")
    writer.write(whole)
    return Part(whole.getvalue(), "Other", "en")


def test_fields_keep_their_fonts() -> None:
    """Where two parts call different fonts by one name, each field still finds its own."""
    reader = read(made(parts()[2], _in_another_font(parts()[2])))
    form = catalog(reader)["/AcroForm"]
    fields = [each.get_object() for group in form["/Fields"] for each in group.get_object()["/Kids"]]
    names = [re.findall(r"/(\S+) [\d.]+ Tf", each["/DA"])[0] for each in fields if "/DA" in each]
    fonts_used = [str(form["/DR"]["/Font"][f"/{name}"]["/BaseFont"]) for name in names]
    assert len(fonts_used) == 2
    assert fonts_used[0].endswith("Noto-Sans")
    assert fonts_used[1] == "/Other"


def test_marks_inside_a_form_keep_their_elements() -> None:
    """A drawing with tags of its own finds its elements under its new key."""
    writer, whole = pypdf.PdfWriter(clone_from=io.BytesIO(parts()[0].pdf)), io.BytesIO()
    tree: Any = writer.root_object["/StructTreeRoot"]
    element = tree["/K"][0]
    tree["/ParentTree"]["/Nums"].extend([NumberObject(77), ArrayObject([element])])
    drawing = StreamObject()
    drawing.set_data(b"/P <</MCID 0>> BDC EMC")
    drawing.update({NameObject("/Subtype"): NameObject("/Form"), NameObject("/StructParents"): NumberObject(77)})
    resources: Any = writer.pages[0]["/Resources"]
    resources.get_object()[NameObject("/XObject")] = DictionaryObject({NameObject("/Own"): writer._add_object(drawing)})
    writer.write(whole)
    part = Part(whole.getvalue(), "Contents", "en")
    reader = read(made(part, part, parts()[1], part, parts()[4]))
    forms: Any = [reader.pages[index]["/Resources"]["/XObject"]["/Own"] for index in (0, 1, 4)]
    keys = [form["/StructParents"] for form in forms]
    document = catalog(reader)["/StructTreeRoot"]["/K"][0].get_object()
    assert [parents(reader)[key].get_object()[0] for key in keys] == [document["/K"][index] for index in (0, 1, 3)]


@pytest.mark.parametrize("quarters", range(4))
def test_a_stamp_stands_upright(quarters: int) -> None:
    """However a page is turned and wherever its corner is, a stamp stands at the foot of what is seen, in the middle."""
    seen = (10.0, 20.0, 310.0, 220.0)
    width, height = page_forms.size(seen, quarters)
    on_page, shown = page_forms.fitted((150, 300), seen, quarters), page_forms.upright(seen, quarters)

    def through(matrix: page_forms.Matrix, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = matrix
        return a * x + c * y + e, b * x + d * y + f

    corner, opposite = (through(shown, *through(on_page, *point)) for point in ((0, 0), (150, 300)))
    assert corner == pytest.approx(((width - 150 * height / 300) / 2, 0))
    assert opposite == pytest.approx(((width + 150 * height / 300) / 2, height))


@PACKS
def test_the_same_input_gives_the_same_bytes(pack: Any) -> None:
    """Assembling twice gives equal files."""
    assert getattr(pack, "__wrapped__", pack)().pdf == pack().pdf


@pytest.mark.parametrize(
    ("counts", "duplex", "starts", "blank", "pages"),
    [
        ([1, 2, 3], False, (1, 2, 4), (), 6),
        ([1, 2, 3], True, (1, 3, 5), (2,), 7),
        ([3, 3], True, (1, 5), (4,), 7),
        ([], True, (), (), 0),
    ],
)
def test_layout(counts: list[int], duplex: bool, starts: Any, blank: Any, pages: int) -> None:
    """Printed on both sides, every part starts on an odd page and nothing is added at the end."""
    plan = layout(counts, duplex=duplex)
    assert (plan.starts, plan.blank, plan.pages) == (starts, blank, pages)


def test_parts_start_on_right_hand_pages() -> None:
    """The pages stand as the layout says, and a filler page belongs to no tag."""
    pack = stamped()
    reader = read(pack)
    assert len(reader.pages) == pack.layout.pages
    assert all(start % 2 for start in pack.layout.starts)
    assert pack.layout.blank
    for number in pack.layout.blank:
        page = reader.pages[number - 1]
        assert "Left blank" in page.extract_text()
        assert "/StructParents" not in page


def test_stamps_are_no_content() -> None:
    """Every page carries its stamp inside an artifact, and no stamp or filler page has marks of tags."""
    reader = read(stamped())
    for number, page in enumerate(reader.pages, 1):
        assert f"Pack page {number}" in page.extract_text()
        assert re.search(
            rb"/Artifact <<[^>]*/Subtype /Footer[^>]*>> BDC q [^q]*/Stamp Do Q EMC", page.get_contents().get_data()
        )
        for name, form in page["/Resources"]["/XObject"].items():
            if name in ("/Stamp", "/Filler"):
                assert not re.search(rb"BDC|BMC|EMC", form.get_object().get_data())


def test_text_is_unchanged() -> None:
    """Every page of the pack says what it says in its part."""
    wanted = [page.extract_text() for part in parts() for page in pypdf.PdfReader(io.BytesIO(part.pdf)).pages]
    assert [page.extract_text() for page in read(made()).pages] == wanted


def test_the_catalog_says_what_it_is() -> None:
    """Title, languages, page labels and the claim of PDF/UA-1 are in the catalog and its metadata."""
    reader = read(made(direction="rtl"))
    root, xmp = catalog(reader), catalog(reader)["/Metadata"].get_data().decode()
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"].value, root["/ViewerPreferences"]["/DisplayDocTitle"].value) == (
        "en",
        True,
        True,
    )
    assert root["/ViewerPreferences"]["/Direction"] == "/R2L"
    assert ">The pack<" in xmp
    assert re.findall(r"<rdf:li>(\w+)</rdf:li></?rdf", xmp)
    assert "<rdf:li>en</rdf:li><rdf:li>ar</rdf:li>" in xmp
    assert "pdfuaid:part>1<" in xmp
    assert reader.page_labels == [str(number) for number in range(1, len(reader.pages) + 1)]
    assert made().unfit == ()


def _merged_the_usual_way() -> Part:
    """A foreign PDF: two parts merged so that their tags are lost, with a link and marks that lead nowhere."""
    writer, whole = pypdf.PdfWriter(), io.BytesIO()
    for part in parts()[1:3]:
        writer.append(io.BytesIO(part.pdf))
    writer.write(whole)
    return Part(whole.getvalue(), "From outside", "en", "outside.pdf")


def test_an_untagged_part_takes_the_claim_away() -> None:
    """With an untagged part the pack names it and does not claim PDF/UA; all its content is in the tree all the same."""
    foreign = _merged_the_usual_way()
    pack = made(parts()[0], parts()[1], foreign, parts()[3], parts()[4])
    reader = read(pack)
    assert pack.unfit == (foreign,)
    assert b"pdfuaid:part" not in catalog(reader)["/Metadata"].get_data()
    back, start = parents(reader), pack.layout.starts[2] - 1
    for page in reader.pages[start : start + 3]:
        mark = int(re.match(rb"/P <</MCID (\d+)>> BDC", page.get_contents().get_data())[1])  # type: ignore[index]
        element = back[page["/StructParents"]].get_object()[mark].get_object()
        assert element["/S"] == "/P"
        assert mark in kids(element)
        for annotation in page.get("/Annots", []):
            assert back[annotation.get_object()["/StructParent"]].get_object()["/S"] in ("/Link", "/Form")


def test_an_encrypted_or_repaired_part_is_read() -> None:
    """A file with a table of objects that is wrong, or one saved in two steps, goes in as any other."""
    broken = parts()[1].pdf.replace(b"startxref\n", b"startxref\n9")
    stepped = parts()[1].pdf + b"%%EOF\n"
    writer, whole = pypdf.PdfWriter(io.BytesIO(parts()[1].pdf), incremental=True), io.BytesIO()
    writer.add_metadata({"/Title": "x"})
    writer.write(whole)
    for data in (broken, stepped, whole.getvalue()):
        pack = made(Part(data, "Risks", "en"))
        assert [page.extract_text() for page in read(pack).pages] == [page.extract_text() for page in read(made()).pages[1:3]]
        assert pack.unfit == ()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", b"<html>"])
def test_a_broken_part_is_a_problem(data: bytes) -> None:
    """What is no PDF is told with its name, never with a traceback."""
    with pytest.raises(HandoutsError, match=r"broken\.pdf: error: this PDF cannot be read"):
        made(Part(data, "Broken", "en", "broken.pdf"))


def test_equal_fonts_are_stored_once() -> None:
    """Two parts with the same pages hold their fonts once."""
    one, two = made(parts()[1]), made(parts()[1], parts()[1])
    assert two.saved > 1000
    assert len(two.pdf) < 1.5 * len(one.pdf)


def _roled(meaning: str) -> Part:
    """A part with a role of its own that means what is said."""
    writer, whole = pypdf.PdfWriter(clone_from=io.BytesIO(parts()[0].pdf)), io.BytesIO()
    root: Any = writer.root_object["/StructTreeRoot"]
    root[NameObject("/RoleMap")] = DictionaryObject({NameObject("/Own"): NameObject(meaning)})
    for number in range(1, len(writer._objects) + 1):
        each = writer.get_object(number)
        if isinstance(each, DictionaryObject) and not isinstance(each, StreamObject) and each.get("/S") == "/H1":
            each[NameObject("/S")] = NameObject("/Own")
    writer.write(whole)
    return Part(whole.getvalue(), "Contents", "en")


def test_roles_keep_their_meaning() -> None:
    """A role that means one thing in one part and another in the next gets two names."""
    reader = read(made(*(_roled(meaning) for meaning in ("/H1", "/H2", "/H1", "/P", "/P"))))
    meanings = catalog(reader)["/StructTreeRoot"]["/RoleMap"]
    used = [element["/S"] for _, element, _ in elements(reader) if element["/S"].startswith("/Own")]
    assert [meanings[role] for role in used] == ["/H1", "/H2", "/H1", "/P", "/P"]


@pytest.mark.parametrize(
    ("count", "direction", "sides"),
    [
        (4, "ltr", ((3, 0), (1, 2))),
        (4, "rtl", ((0, 3), (2, 1))),
        (5, "ltr", ((None, 0), (1, None), (None, 2), (3, 4))),
    ],
)
def test_order_of_a_booklet(count: int, direction: str, sides: Any) -> None:
    """Folded and laid into one another, the sheets show the pages in order, from the side the language begins."""
    assert order(count, direction) == sides


def test_a_booklet_is_for_printing_only() -> None:
    """Two pages stand on each side of an A4 sheet, nothing is tagged, and nothing claims to be."""
    pack = stamped()
    reader = read(Assembled(imposed(pack.pdf, "rtl"), pack.layout))
    assert len(reader.pages) == -(-pack.layout.pages // 4) * 2
    assert [round(number) for number in reader.pages[0].mediabox[2:]] == [842, 595]
    assert not catalog(reader).keys() & {"/StructTreeRoot", "/MarkInfo", "/Metadata", "/AcroForm"}
    assert "Pack page 1" in reader.pages[0].extract_text()
    assert imposed(pack.pdf, "rtl") == imposed(pack.pdf, "rtl")
