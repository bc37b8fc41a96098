use super::*;

#[test]
fn plans_are_known_by_new_and_old_names() {
    // Settings written before mid-2026 must not fail.
    for plan in Plan::ALL {
        assert_eq!(Plan::parse(plan.name()), Some(plan));
    }
    assert_eq!(Plan::parse("hobbyist"), Some(Plan::Builder));
    assert_eq!(Plan::parse("STANDARD"), Some(Plan::Growth));
    assert_eq!(Plan::parse("free"), None);
}

#[test]
fn larger_plans_allow_more() {
    // Gates compare plans, and limits are looked up by them.
    assert!(Plan::ALL.is_sorted());
    assert!(Plan::ALL.is_sorted_by_key(|plan| plan.requests_per_minute()));
    let credits: Vec<_> = Plan::ALL.iter().filter_map(|plan| plan.credits_per_month()).collect();
    assert!(credits.is_sorted() && credits.len() == 5);
    assert_eq!((Plan::Basic.converts_max(), Plan::Builder.converts_max()), (1, 120));
}
