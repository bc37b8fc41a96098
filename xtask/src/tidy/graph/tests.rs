use serde_json::json;

use super::*;

const PAGE_TEXT: &str = "# x\n\n```dag\nclock   ->\ncredits -> clock\n```\n";

fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Value {
    let all = dependencies.iter().map(|(name, kind)| json!({"name": name, "kind": kind}));
    json!({"name": name, "dependencies": all.collect::<Vec<_>>()})
}

#[track_caller]
fn check(packages: &[Value], expected: &[&str]) {
    let (line, drawn) = parse(PAGE_TEXT).unwrap();
    let found = compare(line, drawn, &actual(packages));
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (finding, part) in found.iter().zip(expected) {
        assert!(finding.advice.contains(part), "{finding}");
    }
}

#[test]
fn the_drawn_graph_passes_and_strangers_test_and_dev_edges_are_free() {
    // Breaks: tidy would forbid what the page allows.
    let credits = package("credits", &[("clock", None), ("serde", None)]);
    let tests = package("integration-tests", &[("credits", None)]);
    check(
        &[package("clock", &[("credits", Some("dev"))]), credits, tests, package("xtask", &[])],
        &[],
    );
}

#[test]
fn every_difference_between_page_and_manifests_is_found() {
    // Breaks: the picture would lie, or a crate would grow an arrow nobody decided.
    let clock = package("clock", &[("credits", None)]);
    check(
        &[clock, package("credits", &[]), package("xtask", &[("clock", None)])],
        &[
            "`clock` must not depend on `credits`",
            "`credits -> clock` is drawn",
            "`xtask` must not",
        ],
    );
    check(
        &[package("clock", &[]), package("xtask", &[])],
        &["`credits` is drawn but does not exist"],
    );
    let drawn = package("credits", &[("clock", None)]);
    check(
        &[package("clock", &[]), drawn, package("new", &[]), package("xtask", &[])],
        &["`new` is not in the dag block"],
    );
}

#[test]
fn a_page_without_a_readable_graph_is_a_finding() {
    // Breaks: deleting the block would switch the law off.
    assert!(parse("# nothing").unwrap_err().advice.contains("no ```dag block"));
    assert_eq!(parse("```dag\nclock\n```").unwrap_err().line, 2);
}
