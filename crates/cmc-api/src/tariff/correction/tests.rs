use super::*;

fn batch(per: u32, base: u32, convert: bool) -> PriceRule {
    PriceRule::Batch { per: NonZeroU32::new(per).unwrap(), base, convert }
}

fn flat_of(credits: u32, convert: bool) -> PriceRule {
    PriceRule::Flat { credits, convert }
}

/// So many items asked for and come, in one currency.
fn seen(n: u64, charged: u64) -> Seen {
    let charged = Credits::new(charged);
    Seen { n_items: n, n_returned: Some(n), n_converts: 1, charged }
}

#[test]
fn a_charge_by_the_rule_teaches_nothing() {
    // A rule that wanders without cause makes every forecast wrong.
    for n in [1, 2, 249, 250, 251, 500] {
        let rule = batch(250, 0, true);
        let charged = rule.price(n, 1);
        let seen = Seen { charged, ..seen(n, 0) };
        assert_eq!((rule.deviation(&seen), rule.corrected(&[seen])), (None, None), "{n}");
    }
}

#[test]
fn fewer_items_than_asked_for_are_no_drift() {
    // A page beyond the end of a list is half empty, and so is its price.
    let asked = Seen { n_items: 5_000, n_returned: Some(300), n_converts: 1, ..seen(0, 2) };
    assert_eq!(batch(250, 0, true).deviation(&asked), None);
    let unknown = Seen { n_returned: None, ..asked };
    assert_eq!(batch(250, 0, true).deviation(&unknown), None);
    // Symbols may stand for several coins each: what came decides.
    let more = Seen { n_items: 100, n_returned: Some(130), n_converts: 1, ..seen(0, 2) };
    assert_eq!(batch(100, 0, true).deviation(&more), None);
}

#[test]
fn smaller_blocks_are_found_from_one_charge() {
    // The next reservation must hold what the next call costs.
    let rule = batch(250, 0, true);
    assert_eq!(rule.deviation(&seen(250, 3)), Some(Deviation::TooLittle));
    assert_eq!(rule.corrected(&[seen(250, 3)]), Some(batch(100, 0, true)));
    assert_eq!(rule.corrected(&[seen(250, 25)]), Some(batch(10, 0, true)));
    // No usual size makes this charge: the smallest that does never foresees too little.
    assert_eq!(rule.corrected(&[seen(250, 4)]), Some(batch(63, 0, true)));
}

#[test]
fn a_further_charge_tells_blocks_from_an_amount_on_top() {
    // Both explain the first charge; only one explains both.
    let rule = batch(250, 0, true);
    let first = rule.corrected(&[seen(250, 2)]).unwrap();
    assert_eq!(first, batch(125, 0, true));
    let both = first.corrected(&[seen(250, 2), seen(100, 2)]).unwrap();
    assert!(seen(250, 2).is_by(both) && seen(100, 2).is_by(both), "{both}");
    assert_eq!(rule.corrected(&[seen(1, 3)]), Some(batch(250, 2, true)), "one item is one block");
}

#[test]
fn currencies_are_told_apart_from_the_rest() {
    // One credit per further currency is how the API usually charges.
    let three = |charged: u64| Seen { n_converts: 3, ..seen(10, charged) };
    assert_eq!(flat_of(1, false).corrected(&[three(3)]), Some(flat_of(1, true)));
    assert_eq!(batch(250, 0, false).corrected(&[three(3)]), Some(batch(250, 0, true)));
    assert_eq!(batch(250, 0, true).corrected(&[three(1)]), Some(batch(250, 0, false)));
    assert_eq!(flat_of(1, true).corrected(&[three(7)]), Some(flat_of(5, true)));
}

#[test]
fn what_was_free_or_unknown_gets_a_price() {
    // A free call is made without asking the budget.
    assert_eq!(PriceRule::Free.corrected(&[seen(9_000, 1)]), Some(flat_of(1, false)));
    assert_eq!(PriceRule::Unknown.corrected(&[seen(1, 4)]), Some(flat_of(4, false)));
    assert_eq!(PriceRule::Item.corrected(&[seen(10, 12)]), Some(batch(1, 2, false)));
    assert_eq!(PriceRule::Item.deviation(&seen(10, 3)), None, "sold before, hence free");
}

#[test]
fn a_lower_price_is_seen_where_it_is_certain() {
    // Credits held for nothing keep others from being answered.
    assert_eq!(batch(100, 0, true).deviation(&seen(250, 1)), Some(Deviation::TooMuch));
    assert_eq!(batch(100, 0, true).corrected(&[seen(250, 1)]), Some(batch(250, 0, true)));
    assert_eq!(flat_of(5, false).corrected(&[seen(1, 1)]), Some(flat_of(1, false)));
}

#[test]
fn whatever_is_learned_explains_the_charge_that_taught_it() {
    // Would break: the next call is denied, or drifts again, for ever.
    let mut rng = fastrand::Rng::with_seed(5);
    for _ in 0..20_000 {
        let rule = match rng.u8(0..5) {
            0 => PriceRule::Free,
            1 => flat_of(rng.u32(0..6), rng.bool()),
            2 => PriceRule::Item,
            3 => PriceRule::Unknown,
            _ => batch(rng.u32(1..400), rng.u32(0..3), rng.bool()),
        };
        let n = rng.u64(1..600);
        let one = Seen { n_converts: rng.u64(1..5), ..seen(n, rng.u64(0..40)) };
        if rule.deviation(&one).is_some() {
            let learned = rule.corrected(&[one]);
            assert!(learned.is_some_and(|learned| one.is_by(learned)), "{rule} {one:?}");
        }
    }
}

#[test]
fn items_are_counted_in_the_shapes_that_answers_have() {
    // A wrong count teaches a wrong rule.
    for (data, n) in [
        (r#"[{"id":1},{"id":2}]"#, Some(2)),
        (r#"{"BTC":[{"id":1},{"id":3}],"ETH":[{"id":2}]}"#, Some(3)),
        (r#"{"1":{"id":1},"2":{"id":2}}"#, Some(2)),
        (r#"{"id":1,"quote":{"USD":{}}}"#, None),
        ("7", None),
    ] {
        assert_eq!(count(data.as_bytes()), n, "{data}");
    }
}
