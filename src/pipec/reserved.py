"""The words that databases do not take as names without quotes."""

from __future__ import annotations


def reserved(name: str, dialect: str) -> bool:
    """Whether a name has to be quoted although it looks like one."""
    word = name.lower()
    return word in _ANYWHERE or word in _BESIDES.get(dialect, ())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANYWHERE = _words(
    """
    all analyse analyze and any array as asc between both by case cast check collate column
    condition constraint create cross current_date current_time current_timestamp database default
    desc distinct div drop else end except exists false fetch for foreign from full function grant
    group groups having if in index inner insert intersect interval into is join key keys kill lag
    lead leading left like limit lock match mod natural not null of offset on or order outer over
    partition primary range rank read references right row rows select session_user set table
    tablesample then to trailing true union unique update usage use user using values when where
    window with write
    """
)

_MYSQL = _words(
    """
    accessible add alter asensitive before bigint binary blob call cascade change char character
    continue convert cube cursor databases dec decimal declare delayed delete describe
    deterministic distinctrow double dual each elseif empty enclosed escaped exit explain float
    force fulltext generated get grouping high_priority ignore infile inout insensitive int
    integer iterate lateral leave linear lines load long loop manual maxvalue member modifies
    numeric optimize option optionally out outfile parallel persist precision procedure purge
    qualify reads real recursive regexp release rename repeat replace require resignal restrict
    return returning revoke rlike role row_number schema schemas sensitive separator show signal
    smallint spatial specific sql ssl starting stored system terminated tinyint trigger undo
    unlock unsigned varbinary varchar varying virtual while xor zerofill
    """
)

_ORACLE = _words(
    """
    access add alter audit char cluster comment compress connect current date decimal delete
    exclusive file float identified immediate increment initial integer level long maxextents
    minus mode modify noaudit nocompress nowait number offline online option pctfree prior
    privileges public raw rename resource revoke rowid rownum session share size smallint start
    successful synonym sysdate trigger uid validate varchar varchar2 view whenever
    """
)

_SQLSERVER = _words(
    """
    add alter authorization backup begin break browse bulk cascade checkpoint close clustered
    coalesce commit compute contains continue convert current cursor dbcc deallocate declare
    delete deny disk distributed double dump errlvl escape exec execute exit external file
    fillfactor freetext goto holdlock identity merge national nocheck nonclustered nullif off
    offsets open option percent pivot plan precision print proc procedure public raiserror
    readtext reconfigure replication restore restrict return revert revoke rollback rowcount rule
    save schema securityaudit setuser shutdown some statistics system_user textsize top tran
    transaction trigger truncate unpivot updatetext varying view waitfor while
    """
)

_STANDARD = _words(
    """
    add alter at begin binary blob boolean call char character clob close commit connect continue
    cube current cursor cycle date day dec decimal declare delete deref describe double dynamic
    each element escape exec execute external filter float free get global grouping hold hour
    identity inout int integer language large lateral local localtime localtimestamp member merge
    method minute module month multiset national new no none nullif numeric old only open out
    overlaps parameter position precision prepare procedure real recursive ref release result
    return revoke rollback rollup savepoint scroll search second sensitive similar smallint some
    specific sql start static submultiset sum symmetric system time timestamp trigger truncate
    uescape unknown unnest value varchar varying whenever within without year
    """
)

_BESIDES = {
    "mysql": _MYSQL,
    "oracle": _ORACLE,
    "sqlserver": _SQLSERVER,
    "standard": _STANDARD,
    "derby": _STANDARD,
}
