"""The official lists, from the data files to the tables."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.territories import actions, queries
from consultation.territories.models import Cluster, Territory
from consultation.territories.reading import INDIVIDUAL, actor_types


def test_awa_loads_the_lists_twice_and_finds_them_once(db_session: Session) -> None:
    assert actions.load(db_session) == {"regions": 18, "clusters": 56}
    db_session.commit()
    actions.load(db_session)
    db_session.commit()
    assert db_session.scalar(select(func.count(Territory.id))) == 18
    assert db_session.scalar(select(func.count(Cluster.id))) == 56


def test_loading_again_repairs_a_name_changed_by_mistake(db_session: Session) -> None:
    actions.load(db_session)
    brittany = db_session.scalars(select(Territory).where(Territory.code == "53")).one()
    brittany.name = "Armorique"
    db_session.commit()
    actions.load(db_session)
    db_session.commit()
    db_session.expire_all()
    assert brittany.name == "Bretagne"


def test_emile_reads_the_regions_in_the_order_of_the_alphabet(db_session: Session) -> None:
    actions.load(db_session)
    names = [region.name for region in queries.regions(db_session)]
    assert names[0] == "Auvergne-Rhône-Alpes"
    assert names.index("Île-de-France") == names.index("Hauts-de-France") + 1
    assert "Provence-Alpes-Côte d’Azur" in names


def test_nadia_finds_54_clusters_in_2022_and_55_in_2023(db_session: Session) -> None:
    actions.load(db_session)
    assert len(queries.clusters(db_session, date(2022, 3, 7))) == 54
    assert len(queries.clusters(db_session, date(2023, 6, 1))) == 55
    assert len(queries.clusters(db_session)) == 56


def test_a_cluster_without_a_new_label_leaves_the_list(db_session: Session) -> None:
    actions.load(db_session)
    found = {c.slug for c in queries.clusters(db_session, date(2023, 6, 1))}
    assert "france-water-team" not in found
    assert {"enter", "infra2050"} <= found


def test_every_seat_is_in_a_known_region_which_comes_first(db_session: Session) -> None:
    actions.load(db_session)
    codes = {region.code for region in queries.regions(db_session)}
    for cluster in queries.clusters(db_session):
        assert cluster.region_codes[0] == cluster.seat_region_code
        assert set(cluster.region_codes) <= codes


def test_there_are_21_types_of_actors_in_7_groups() -> None:
    types = actor_types()
    assert len(types) == 21
    assert len({kind.group for kind in types.values()}) == 7
    assert INDIVIDUAL in types
