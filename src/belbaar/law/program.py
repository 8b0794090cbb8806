"""A ruleset as expressions that every engine runs: the three layers from fact to verdict.

1. *Row*: each standing row becomes an integer ``mask``: one bit for every ground it carries, every consent condition
   it fails, every measure it counts for; and ``lasts``, the day its ground lasts to, before any term is added.
2. *Fold* over the rows of one number: the masks or-ed, and a few extremes, each the greatest ``since`` or ``lasts``
   of the rows that have a bit.
3. *Outcome*: grounds, vetoes and duties as bits, from the fold, the call and the moment.

The same expressions are rendered for every engine; only the or-ing is spelled differently.

    >>> from belbaar.law.nl import PACK
    >>> from belbaar.law.rulesets import Law, ruleset
    >>> program = compile_ruleset(ruleset(Law(PACK), 739866))
    >>> program.ground_ids[:3], program.cutoffs
    (('nl.outside-scope', 'nl.solicited', 'nl.consent'), ('customer_term_cutoff', 'today'))
"""

__all__ = ["Extreme", "Program", "compile_ruleset", "render"]

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce

from sqlglot import exp

from belbaar.errors import InternalError
from belbaar.law.cards import CONDITION, DUTY, GROUND, VETO, Measure, Rule
from belbaar.law.ends import Lasting, last_day
from belbaar.law.facts import FACTS, INSTANT, ROW, SET, WORD, Fact
from belbaar.law.language import read
from belbaar.law.rulesets import Ruleset
from belbaar.law.words import FACT_KINDS, FOREVER_DAY, NEVER, NEVER_DAY


@dataclass(frozen=True, slots=True)
class Extreme:
    """The greatest ``column`` (``since`` or ``lasts``) of the rows that have one of ``bits``; ``floor`` if none."""

    name: str
    bits: int
    column: str
    floor: int


@dataclass(frozen=True, eq=False)
class Program:
    """All that an engine needs to judge by one ruleset. Expressions are over the fact vocabulary.

    ``bits`` names the bits of ``mask``; ``ahead`` is taken from all rows before each is looked at; ``unending`` is
    FOREVER_DAY where a ground holds that rests on no fact. The ``*_ids`` name the bits of the outcome's integers.
    """

    ruleset: Ruleset
    bits: tuple[str, ...]
    ahead: tuple[tuple[str, exp.Expr], ...]
    mask: exp.Expr
    lasts: exp.Expr
    extremes: tuple[Extreme, ...]
    grounds: exp.Expr
    vetoes: exp.Expr
    duties: exp.Expr
    unending: exp.Expr
    ground_ids: tuple[str, ...]
    veto_ids: tuple[str, ...]
    defect_ids: tuple[str, ...]
    duty_ids: tuple[str, ...]
    cutoffs: tuple[str, ...]


@lru_cache(maxsize=128)
def compile_ruleset(rules: Ruleset) -> Program:
    """Compile a ruleset's cards.

    Raises:
        InternalError: when a card leaves the language or the shape that all engines can run; names the card.
    """
    grounds = sorted(_with_role(rules, GROUND), key=lambda rule: rules.pack.grounds.index(rule.id))
    vetoes, duties, defects = (_with_role(rules, role) for role in (VETO, DUTY, CONDITION))
    measures = [measure for measure in rules.pack.measures if not measure.ahead]
    per_fact = [rule.id for rule in grounds if rule.over] + [rule.id for rule in defects]
    bits = tuple(per_fact + [measure.name for measure in measures if not measure.of])
    words = {measure.name: _as_fact(measure) for measure in measures}
    lasting = {rule.over: _lasting(rule, grounds, rules) for rule in grounds if rule.over}
    return Program(
        ruleset=rules,
        bits=bits,
        ahead=tuple((m.name, _and(_live(m.over), read(m.when, card=m.name))) for m in rules.pack.measures if m.ahead),
        mask=_mask(rules, bits),
        lasts=_by_kind({kind: lasts.day for kind, lasts in lasting.items()}, NEVER_DAY),
        extremes=(*_latest(measures, bits), *_ends(lasting, grounds, bits)),
        grounds=_grounds(grounds, bits, words),
        vetoes=_sum((1 << i, _holds(rule, bits, words)) for i, rule in enumerate(vetoes)),
        duties=_sum((1 << i, _holds(rule, bits, words)) for i, rule in enumerate(duties)),
        unending=exp.Greatest(
            this=_number(NEVER_DAY),
            expressions=[_case(_holds(rule, bits, words), FOREVER_DAY, NEVER_DAY) for rule in grounds if not rule.over],
            ignore_nulls=True,
        ),
        ground_ids=tuple(rule.id for rule in grounds),
        veto_ids=tuple(rule.id for rule in vetoes),
        defect_ids=tuple(rule.id for rule in defects),
        duty_ids=tuple(rule.id for rule in duties),
        cutoffs=tuple(sorted({lasts.cutoff for lasts in lasting.values()})),
    )


def render(expression: exp.Expr, dialect: str, *, parameters: Iterable[str]) -> str:
    """Write an expression in an engine's SQL: ``parameters`` become named placeholders, sets become ``{tokens}``."""
    asked = frozenset(parameters)

    def bind(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            if node.name in asked:
                return exp.Placeholder(this=node.name)
            if node.name in FACTS and FACTS[node.name].scope == SET:
                return exp.Var(this=f"{{{node.name}}}")
        return node

    return expression.transform(bind).sql(dialect=dialect, comments=False)


def _with_role(rules: Ruleset, role: str) -> list[Rule]:
    return sorted((rule for rule in rules.rules if rule.role == role), key=lambda rule: rule.id)


def _as_fact(measure: Measure) -> Fact:
    if measure.latest:
        return Fact(measure.name, ROW, INSTANT, measure.doc)
    return Fact(measure.name, ROW, WORD, measure.doc, {"YES": 1, "NO": 0})


def _ground_condition(rule: Rule, rules: Ruleset) -> exp.Expr:
    """A ground over facts: its own condition and all conditions of it that are in force."""
    return _and(*(read(part.when, card=part.id) for part in (rule, *_conditions_of(rule, rules))))


def _mask(rules: Ruleset, bits: Sequence[str]) -> exp.Expr:
    terms: dict[str, list[exp.Expr]] = {}
    for rule in _with_role(rules, GROUND):
        if rule.over:
            terms.setdefault(rule.over, []).append(_carried(rule, rules, bits))
    for measure in rules.pack.measures:
        if not measure.of and not measure.ahead:
            counts = read(measure.when, card=measure.name) if measure.when else exp.true()
            terms.setdefault(measure.over, []).append(_case(counts, _bit(bits, measure.name), 0))
    by_kind = _by_kind({kind: _add(of_kind) for kind, of_kind in terms.items()}, 0)
    return exp.Case(ifs=[exp.If(this=_live(), true=by_kind)], default=_number(0))


def _carried(rule: Rule, rules: Ruleset, bits: Sequence[str]) -> exp.Expr:
    """Give the bits of a ground over facts: its own, or those of the conditions it fails; what it asks is asked once."""
    conditions = [(_bit(bits, part.id), _paren(read(part.when, card=part.id))) for part in _conditions_of(rule, rules)]
    base = read(rule.when, card=rule.id)
    if not conditions:
        return _case(base, _bit(bits, rule.id), 0)
    own = _case(_and(*(condition for _, condition in conditions)), _bit(bits, rule.id), 0)
    failed = [_case(exp.Not(this=condition), bit, 0) for bit, condition in conditions]
    return exp.Case(ifs=[exp.If(this=base, true=_add([own, *failed]))], default=_number(0))


def _conditions_of(rule: Rule, rules: Ruleset) -> list[Rule]:
    return [other for other in _with_role(rules, CONDITION) if other.of == rule.id]


def _lasting(rule: Rule, grounds: Sequence[Rule], rules: Ruleset) -> Lasting:
    """Grounds over one kind of fact must last alike, so that one column says how long."""
    alike = [last_day(_ground_condition(other, rules), card=other.id) for other in grounds if other.over == rule.over]
    if any(other != alike[0] for other in alike):
        raise InternalError(f"grounds over one kind of fact ({rule.over}) last differently.", where=rule.id)
    return alike[0]


def _latest(measures: Sequence[Measure], bits: Sequence[str]) -> list[Extreme]:
    return [Extreme(m.name, _bit(bits, m.of or m.name), "since", NEVER) for m in measures if m.latest]


def _ends(lasting: dict[str, Lasting], grounds: Sequence[Rule], bits: Sequence[str]) -> list[Extreme]:
    """For each cut-off, the last day of the grounds that run by it."""
    cutoffs = sorted({lasts.cutoff for lasts in lasting.values()})
    return [
        Extreme(
            f"lasts_{cutoff}",
            sum(_bit(bits, rule.id) for rule in grounds if rule.over and lasting[rule.over].cutoff == cutoff),
            "lasts",
            NEVER_DAY,
        )
        for cutoff in cutoffs
    ]


def _grounds(grounds: Sequence[Rule], bits: Sequence[str], words: dict[str, Fact]) -> exp.Expr:
    """Give the grounds as bits. Those over facts lie in the mask in the same order: neighbours are shifted together."""
    together: dict[int, int] = {}
    cases = []
    for place, rule in enumerate(grounds):
        if rule.over:
            shift = (1 << place) // _bit(bits, rule.id)
            together[shift] = together.get(shift, 0) + _bit(bits, rule.id)
        else:
            cases.append(_case(_holds(rule, bits, words), 1 << place, 0))
    masked = (
        (shift, _paren(exp.BitwiseAnd(this=exp.column("mask"), expression=_number(of))))
        for shift, of in together.items()
    )
    return _add([*cases, *(exp.Mul(this=found, expression=_number(shift)) for shift, found in masked)])


def _holds(rule: Rule, bits: Sequence[str], words: dict[str, Fact]) -> exp.Expr:
    """A rule's condition over the fold, the call and the moment."""
    if rule.over:
        return _has(_bit(bits, rule.id))

    def spell(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name in words and words[node.name].unit == WORD:
            return _case(_has(_bit(bits, node.name)), 1, 0)
        return node

    return read(rule.when, card=rule.id, measures=words).transform(spell)


def _bit(bits: Sequence[str], name: str) -> int:
    return 1 << bits.index(name)


def _has(bit: int) -> exp.Expr:
    masked = exp.Paren(this=exp.BitwiseAnd(this=exp.column("mask"), expression=_number(bit)))
    return exp.NEQ(this=masked, expression=_number(0))


def _live(kind: str = "") -> exp.Expr:
    """A fact that had happened, and had not ended."""
    live = read("since <= moment AND ended > moment", card="live")
    return _and(_is(kind), live) if kind else live


def _is(kind: str) -> exp.Expr:
    return exp.EQ(this=exp.column("fact"), expression=_number(FACT_KINDS[kind]))


def _by_kind(values: dict[str, exp.Expr], otherwise: int) -> exp.Expr:
    ifs = [exp.If(this=_is(kind), true=value) for kind, value in values.items()]
    return exp.Case(ifs=ifs, default=_number(otherwise))


def _sum(pairs: Iterable[tuple[int, exp.Expr]]) -> exp.Expr:
    return _add([_case(condition, bit, 0) for bit, condition in pairs])


def _add(terms: Sequence[exp.Expr]) -> exp.Expr:
    return reduce(lambda a, b: exp.Add(this=a, expression=_paren(b)), terms, _number(0))


def _case(condition: exp.Expr, yes: int, no: int) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=_number(yes))], default=_number(no))


def _and(*parts: exp.Expr) -> exp.Expr:
    return reduce(lambda a, b: exp.And(this=a, expression=b), [_paren(part) for part in parts])


def _paren(part: exp.Expr) -> exp.Expr:
    return part if isinstance(part, exp.Paren) else exp.Paren(this=part)


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)
