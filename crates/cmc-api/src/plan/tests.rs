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

#[test]
fn the_offers_agree_with_what_the_plans_are() {
    // A what-if that plays one plan and prices another would sell the wrong one.
    let list = PlanList::embedded();
    let named: Vec<_> = list.plans.iter().map(|offer| Plan::parse(&offer.name)).collect();
    let priced: Vec<_> = Plan::ALL.into_iter().take(5).map(Some).collect();
    assert_eq!(named, priced, "the cheapest first, none without a price");
    assert!(list.plans.is_sorted_by_key(|offer| offer.usd_per_month));
    for plan in Plan::ALL {
        let Some(offer) = list.offer(plan) else {
            assert_eq!(plan.credits_per_month(), None);
            continue;
        };
        assert_eq!(Some(offer.credits_per_month), plan.credits_per_month());
        assert_eq!(offer.requests_per_minute, plan.requests_per_minute());
        assert_eq!(offer.converts_max, plan.converts_max());
    }
}
