"""Several processes with one index: writers wait for each other, readers see what was written, a crash breaks nothing."""

import json
import shutil
import signal
import time

import pytest


def test_writers_wait_for_each_other_and_lose_nothing(open_bookshop):
    shop = open_bookshop(lock_timeout=30)
    prefixes = ["Violet", "Walnut", "Yellow"]
    writers = [shop.start("add", *[f"{prefix} volume{number}" for number in range(8)]) for prefix in prefixes]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert not errors
    assert [len(titles) for titles in shop.run("find", *prefixes)] == [8, 8, 8]


def test_change_is_found_and_removal_missed_within_a_second_by_another_process(open_bookshop):
    shop = open_bookshop()
    watcher = shop.start("watch", "zeppelin")
    assert json.loads(watcher.stdout.readline()) == "watching"
    writer = shop.start("publish-and-remove", "Zeppelin atlas")
    saved = json.loads(writer.stdout.readline())
    assert json.loads(watcher.stdout.readline()) - saved < 1
    writer.stdin.write("\n")
    writer.stdin.flush()
    removed = json.loads(writer.stdout.readline())
    assert json.loads(watcher.stdout.readline()) - removed < 1


def test_writer_waits_until_the_index_is_free(open_bookshop):
    shop = open_bookshop(lock_timeout=30)
    holder = shop.start("hold")
    holder.stdout.readline()
    writer = shop.start("add", "Patient hours")
    time.sleep(2)
    assert writer.poll() is None
    holder.communicate("\n", timeout=30)
    _, errors = writer.communicate(timeout=30)
    assert not errors
    assert shop.run("find", "patient") == [["Patient hours"]]


def test_save_succeeds_and_is_caught_up_with_when_the_index_stays_locked(open_bookshop):
    shop = open_bookshop(lock_timeout=0.3)
    holder = shop.start("hold")
    holder.stdout.readline()
    writer = shop.start("add", "Late breakfast")
    _, errors = writer.communicate(timeout=30)
    assert writer.returncode == 0
    assert "1 changes to the search index wait for the process that has it locked" in errors
    assert "IndexBusy" in errors
    assert shop.run("find", "breakfast", "amber") == [[], ["Amber gardens"]]
    holder.kill()
    shop.run("add", "Early supper")
    assert shop.run("find", "breakfast", "supper") == [["Late breakfast"], ["Early supper"]]
    assert list((shop.index / "waiting").iterdir()) == []


@pytest.mark.parametrize(
    ("moment", "storms"),
    [
        ("before the segment", []),
        ("after the segment", []),
        ("before the rename", []),
        ("before the cleaning", ["Sudden storm"]),
    ],
)
def test_process_killed_while_it_commits_leaves_the_last_good_index(open_bookshop, moment, storms):
    shop = open_bookshop()
    victim = shop.start("die-at", moment, "Sudden storm")
    victim.communicate(timeout=30)
    assert victim.returncode == -signal.SIGKILL
    assert shop.run("find", "storm", "amber", "harbor") == [storms, ["Amber gardens"], ["Hidden harbors"]]
    # The next writer is kept neither by a lock nor by what was left lying about.
    shop.run("add", "Calm morning")
    assert shop.run("find", "calm", "amber", "storm") == [["Calm morning"], ["Amber gardens"], storms]
    [folder] = shop.index.glob("index-*")
    assert len(list(folder.glob("*.toc*"))) == 1


def test_index_is_searched_and_written_to_while_it_is_rebuilt(open_bookshop):
    shop = open_bookshop()
    rebuild = shop.start("rebuild-slowly")
    assert json.loads(rebuild.stdout.readline()) == "built"
    shop.run("add", "Meanwhile elsewhere")
    assert shop.run("find", "meanwhile") == [["Meanwhile elsewhere"]]
    before = list(shop.index.glob("index-*"))
    rebuild.stdin.write("\n")
    rebuild.stdin.flush()
    assert json.loads(rebuild.stdout.readline()) == "rebuilt"
    assert shop.run("find", "meanwhile", "amber") == [["Meanwhile elsewhere"], ["Amber gardens"]]
    after = list(shop.index.glob("index-*"))
    assert len(before) == 2 and len(after) == 1
    assert not (shop.index / "rebuilding").exists()


def test_rebuild_that_is_killed_leaves_the_index_and_is_swept_up_by_the_next(open_bookshop):
    shop = open_bookshop()
    rebuild = shop.start("rebuild-slowly")
    rebuild.stdout.readline()
    rebuild.kill()
    rebuild.communicate()
    shop.run("add", "After all")
    assert not (shop.index / "rebuilding").exists()
    assert shop.run("find", "amber", "after") == [["Amber gardens"], ["After all"]]
    shop.run("rebuild")
    assert len(list(shop.index.glob("index-*"))) == 1
    assert shop.run("find", "amber", "after") == [["Amber gardens"], ["After all"]]


def test_missing_index_finds_nothing_and_is_built_by_the_command(open_bookshop):
    shop = open_bookshop()
    shutil.rmtree(shop.index)
    output, errors = shop.start("find", "amber").communicate(timeout=30)
    assert json.loads(output) == [[]]
    assert "There is no search index" in errors
    shop.run("rebuild")
    assert shop.run("find", "amber") == [["Amber gardens"]]
