"""Standards as data: the index of rules holds against the source, and the shipped files say what they should."""

import pytest
from pydantic import ValidationError

from handouts import clear_print
from handouts.rules import RULES
from handouts.standards import Item, Rating, Standard, Verdict
from tests.shipped import shipped
from tests.test_rules import ENGINE, rules

SIZES = {"ipdas": 12, "pemat-p": 24, "cdc-cci": 20, "consent-cms": 16, "consent-uk-form-1": 21}
RATED = {
    "document": "x", "standard": "y", "item": "1", "rating": "agree", "name": "n", "credential": "c", "date": "2026-01-01",
    "digest": "0123abcd",
}  # fmt: skip


def test_index_of_rules() -> None:
    """Every rule of the engine is in the index, and every rule of the index is in the engine.

    The rules of finished pages make their ids of their names: `print/` and the function.
    """
    written = {rule for path in ENGINE.rglob("*.py") for rule in rules(path)}
    of_pages = {f"print/{rule.__name__}" for rule in clear_print.RULES}
    assert written | of_pages == RULES


@pytest.mark.parametrize("name", sorted(SIZES))
def test_number_of_items(name: str) -> None:
    """A standard has as many items as its source."""
    assert len(shipped().library.standards[name].items) == SIZES[name]


def test_every_shipped_document_is_held_to_standards() -> None:
    """Handouts are for the checklists of handouts, the comparison also for decision aids, each form for its profiles."""
    library = shipped().library
    found = {
        sheet.id: {name for name, standard in library.standards.items() if standard.concerns(sheet)} for sheet in library.sheets
    }
    both = {"clear-print", "risk-wording"}
    assert found["comparing-treatments"] == {"ipdas", "pemat-p", "cdc-cci", *both}
    assert found["what-is-ketamine"] == {"pemat-p", "cdc-cci", *both}
    assert found["consent-infusion"] == {"consent-cms", "consent-uk-form-1", *both}


def test_pack_has_no_standard() -> None:
    """Packs are judged by what is in them."""
    library = shipped().library
    assert not any(standard.concerns(pack) for standard in library.standards.values() for pack in library.packs)


def test_item_needs_something_that_holds_it() -> None:
    """An item without rule and without a person would always look met."""
    with pytest.raises(ValidationError, match="nothing holds this item"):
        Item.model_validate({"id": "1", "says": "Good"})


def test_standard_has_items_or_a_profile() -> None:
    """A standard with both, or neither, is refused."""
    good = {"id": "s", "name": "S", "source": "S", "applies": "all"}
    item = {"id": "1", "says": "Good", "human": True}
    assert Standard.model_validate({**good, "items": [item]}).item("1") == Item.model_validate(item)
    for bad in (good, {**good, "items": [item], "profile": "p"}):
        with pytest.raises(ValidationError, match="either items or a profile"):
            Standard.model_validate(bad)


def test_rating() -> None:
    """A rating says who found what of which text; without a digest it would be of any text."""
    assert Rating.model_validate(RATED).rating is Verdict.AGREE
    for field in ("name", "credential", "digest", "date"):
        with pytest.raises(ValidationError):
            Rating.model_validate({key: value for key, value in RATED.items() if key != field})
    with pytest.raises(ValidationError):
        Rating.model_validate({**RATED, "digest": "0123abc"})
