use super::*;

const REPORT: &str = r#"<testsuites>
  <testsuite name="cache-tiers">
    <testcase name="memory::tests::tier_conformance::order" classname="cache-tiers" time="0.1">
    </testcase>
    <testcase name="memory::tests::tier_conformance::life" classname="cache-tiers" time="0.1"/>
    <testcase name="guarded::tests::tier_conformance::life" classname="cache-tiers" time="0.1"/>
    <testcase name="memory::tests::a_plain_test" classname="cache-tiers" time="0.1"/>
  </testsuite>
  <testcase name="tier_conformance::life" classname="store-redis::it" time="0.1"/>
  <testcase name="cluster::tier_conformance::life" classname="store-redis::it" time="0.1">
    <failure type="test failure">a &lt;testcase </failure>
  </testcase>
  <testcase name="tier_conformance::order" classname="store-redis::it" time="0.1"/>
  <testcase name="mysql::ledger::sums" classname="store-sql::it" time="0.1"/>
  <testcase name="ledger::sums" classname="store-sql::it" time="0.1"/>
</testsuites>"#;

#[test]
fn each_back_end_is_told_by_its_name_with_what_it_passed() {
    // Breaks: the gate would say less, or more, than what really ran.
    let results = results(REPORT);
    let lines: Vec<String> =
        lines(&results).iter().map(|(back_end, line)| format!("{back_end}: {line}")).collect();
    assert_eq!(
        lines,
        [
            "guarded: 1 of 2 properties (tier 1)",
            "memory: 2 of 2 properties (tier 2)",
            "mysql: 1 of 1 properties (ledger 1)",
            "redis: 1 of 2 properties (tier 1)",
            "sqlite: 1 of 1 properties (ledger 1)",
        ]
    );
}

#[test]
fn an_arrangement_that_fails_fails_for_its_back_end() {
    // Breaks: a property that does not hold in a cluster would count as held.
    let results = results(REPORT);
    assert!(!results["redis"]["tier"]["life"]);
    assert!(results["redis"]["tier"]["order"]);
}
