use cache_tiers::{Entry, Flags, Meta};
use cmc_api::{
    Aux, CacheClass, InfoAux, Style,
    bridge::{CoinForm, SimpleForm},
};

use super::*;
use crate::{entity::Want, plan::Currency};

const USD: CoinId = CoinId::USD;

fn quote(coin: u32) -> Entity {
    Entity::Quote { coin: CoinId::new(coin), currency: USD }
}

fn held(entity: &Entity, body: &str, flags: Flags) -> Arc<Held> {
    let meta = Meta { flags, ..Meta::default() };
    let entry = Entry { body: Bytes::copy_from_slice(body.as_bytes()), meta };
    Arc::new(Held::decode(entity, &entry, None).unwrap())
}

fn coin(id: u32, cap: &str) -> Arc<Held> {
    let body = format!(
        r#"{{"id":{id},"tags":["t"],"quote":[{{"id":2781,"symbol":"USD","price":{id}.0,"market_cap":{cap}}}]}}"#
    );
    held(&quote(id), &body, Flags::NONE)
}

fn absent(id: u32) -> Arc<Held> {
    held(&quote(id), "", Flags::NEGATIVE)
}

/// One currency, no aux, these groups over these coins.
fn plan(
    form: CoinForm,
    container: Container,
    groups: &[(&str, Range<usize>)],
    coins: &[u32],
) -> Plan {
    let groups = groups.iter().map(|(name, range)| (Arc::from(*name), range.clone())).collect();
    Plan {
        class: CacheClass::Quotes,
        style: form.style(),
        wants: coins.iter().map(|id| Want::of(quote(*id))).collect(),
        shape: Shape::Coins(Coins {
            piece: Piece::Coin(form, Aux::NONE),
            container,
            currencies: vec![Currency { id: USD, name: "USD".into() }],
            groups,
            first_of_group: false,
            strict: None,
            if_none: None,
            is_list: false,
            head: None,
        }),
        total_count: None,
    }
}

fn first_of_group(mut plan: Plan) -> Plan {
    if let Shape::Coins(coins) = &mut plan.shape {
        coins.first_of_group = true;
    }
    plan
}

/// The answer without its spaces.
fn composed(plan: &Plan, held: &[Arc<Held>]) -> String {
    let data = compose(plan, held).unwrap();
    let mut compact = Vec::new();
    cmc_api::json::write_compact(&mut compact, std::str::from_utf8(&data).unwrap());
    String::from_utf8(compact).unwrap()
}

/// The prices of an answer, which are the ids.
fn order(text: &str) -> Vec<u32> {
    let prices = text.split("\"price\":").skip(1);
    prices.map(|rest| rest.split('.').next().unwrap().parse().unwrap()).collect()
}

#[test]
fn coins_of_one_symbol_stand_by_market_cap_then_by_id() {
    // Breaks if a null or equal cap makes the order depend on luck.
    let held = [coin(9, "null"), coin(5, "2.0"), coin(4, "1E3"), coin(3, "null"), coin(2, "2.0")];
    let plan = plan(CoinForm::QuotesV2, Container::KeyedLists, &[("X", 0..5)], &[9, 5, 4, 3, 2]);
    assert_eq!(order(&composed(&plan, &held)), [4, 2, 5, 3, 9]);
    let first = first_of_group(plan);
    assert_eq!(order(&composed(&first, &held)), [4]);
}

#[test]
fn a_fiat_stands_before_coins_of_its_symbol() {
    // Breaks if a coin that calls itself EUR outranks the euro, which has no market cap.
    let held = [coin(5, "99.0"), coin(2_790, "null")];
    let plan = plan(CoinForm::QuotesV2, Container::KeyedLists, &[("EUR", 0..2)], &[5, 2_790]);
    assert_eq!(order(&composed(&plan, &held)), [2_790, 5]);
}

#[test]
fn groups_and_lists_of_ids_stay_in_the_order_of_the_request() {
    // Breaks if sorting within a symbol leaks into the whole.
    let held = [coin(1, "1.0"), coin(2, "9.0"), coin(3, "5.0")];
    let groups = [("1", 0..1), ("2", 1..2), ("3", 2..3)];
    let plan = plan(CoinForm::QuotesV3, Container::List, &groups, &[1, 2, 3]);
    assert_eq!(order(&composed(&plan, &held)), [1, 2, 3]);
}

#[test]
fn a_ranking_is_never_sorted_again() {
    // Breaks if a page sorted by name comes out by market cap.
    let held = [coin(1, "1.0"), coin(2, "9.0")];
    let plan = plan(CoinForm::ListingsV3, Container::List, &[("", 0..2)], &[1, 2]);
    assert_eq!(order(&composed(&plan, &held)), [1, 2]);
}

#[test]
fn what_upstream_has_not_leaves_no_trace() {
    // Breaks if an absent coin leaves a comma, an empty list or a null.
    let groups = [("A", 0..2), ("B", 2..3), ("C", 3..4)];
    let held = [absent(1), coin(2, "1.0"), absent(3), coin(4, "1.0")];
    let plan = plan(CoinForm::QuotesV2, Container::KeyedLists, &groups, &[1, 2, 3, 4]);
    let text = composed(&plan, &held);
    assert!(text.starts_with(r#"{"A":[{"#) && text.contains(r#"}],"C":[{"#), "{text}");
    assert!(!text.contains("\"B\""));
    let nothing = [absent(1), absent(2), absent(3), absent(4)];
    assert_eq!(composed(&plan, &nothing), "{}");
    let list = self::plan(CoinForm::QuotesV3, Container::List, &[("1", 0..1)], &[1]);
    assert_eq!(composed(&list, &nothing[..1]), "[]");
}

#[test]
fn nothing_at_all_is_an_error_where_the_api_says_so() {
    // Breaks if version 1 answers an empty map.
    let mut plan = plan(CoinForm::QuotesV1, Container::Keyed, &[("1", 0..1)], &[1]);
    if let Shape::Coins(coins) = &mut plan.shape {
        coins.if_none = Some(Box::new(QueryError::invalid("none".to_owned(), Style::Classic)));
    }
    let error = compose(&plan, &[absent(1)]).unwrap_err();
    assert!(matches!(error, NotComposed::Nothing(error) if error.message == "none"));
}

#[test]
fn places_without_a_source_are_all_told_at_once() {
    // Breaks if each missing description costs a round of its own.
    let mut plan = plan(
        CoinForm::QuotesV2,
        Container::Keyed,
        &[("1", 0..1), ("2", 1..2), ("3", 2..3)],
        &[1, 2, 3],
    );
    if let Shape::Coins(coins) = &mut plan.shape {
        coins.piece = Piece::Coin(CoinForm::QuotesV2, Aux::TAGS);
    }
    let described = held(&quote(2), r#"{"id":2,"tags":[],"quote":[{"price":2.0}]}"#, Flags::NONE);
    let held = [coin(1, "1.0"), described, coin(3, "1.0")];
    let error = compose(&plan, &held).unwrap_err();
    assert!(matches!(error, NotComposed::NoSource(places) if places == [0, 2]));
}

#[test]
fn the_flat_simple_price_is_an_object_a_coin() {
    // Breaks if the oldest form gets the quotes of the newer one.
    let mut plan = plan(CoinForm::QuotesV1, Container::List, &[("1", 0..1), ("2", 1..2)], &[1, 2]);
    if let Shape::Coins(coins) = &mut plan.shape {
        let form = SimpleForm {
            flat: true,
            market_cap: true,
            volume: false,
            change: false,
            last_updated: false,
        };
        coins.piece = Piece::Simple(form);
    }
    let text = composed(&plan, &[coin(1, "1E-10"), coin(2, "null")]);
    let expected =
        r#"[{"id":1,"price":1.0,"market_cap":1E-10},{"id":2,"price":2.0,"market_cap":null}]"#;
    assert_eq!(text, expected);
}

#[test]
fn metadata_of_one_symbol_is_a_list_in_version_2() {
    // Breaks at the commas between coins and groups.
    let entity = |id: u32| Entity::Info { coin: CoinId::new(id) };
    let info = |id: u32| held(&entity(id), &format!(r#"{{"id":{id},"logo":"x"}}"#), Flags::NONE);
    let mut plan = plan(CoinForm::QuotesV2, Container::KeyedLists, &[], &[1, 2, 3]);
    plan.shape = Shape::Infos(Infos {
        aux: InfoAux::NONE,
        container: Container::KeyedLists,
        groups: vec![("A".into(), 0..2), ("B".into(), 2..3)],
        strict: None,
    });
    let all = [info(1), info(2), info(3)];
    assert_eq!(composed(&plan, &all), r#"{"A":[{"id":1},{"id":2}],"B":[{"id":3}]}"#);
}

#[test]
fn what_is_held_under_a_wrong_kind_is_asked_for_again() {
    // Breaks if a mix-up in a tier becomes a panic.
    let mut plan = plan(CoinForm::QuotesV2, Container::Keyed, &[], &[1]);
    plan.shape = Shape::Whole;
    let error = compose(&plan, &[coin(1, "1.0")]).unwrap_err();
    assert!(matches!(error, NotComposed::NoSource(places) if places == [0]));
}

proptest::proptest! {
    /// Breaks if any set of symbols, coins, caps and absences yields something that is not JSON,
    /// loses a coin that is there, or shows one that is not.
    #[test]
    fn every_composition_is_json_with_exactly_the_coins_that_are_there(
        sizes in proptest::collection::vec(1..4_usize, 0..6),
        there in proptest::collection::vec(proptest::bool::ANY, 24),
        form in 0..3_usize,
    ) {
        let (form, container) = [
            (CoinForm::QuotesV1, Container::Keyed),
            (CoinForm::QuotesV2, Container::KeyedLists),
            (CoinForm::QuotesV3, Container::List),
        ][form];
        let mut at = 0;
        let names: Vec<_> = (0..sizes.len()).map(|number| format!("S{number}")).collect();
        let mut groups = Vec::new();
        for (name, size) in names.iter().zip(&sizes) {
            // Keyed answers show one coin a name.
            let size = if container == Container::Keyed { 1 } else { *size };
            groups.push((name.as_str(), at..at + size));
            at += size;
        }
        let ids: Vec<u32> = (1..=u32::try_from(at).unwrap()).collect();
        let held: Vec<_> = ids
            .iter()
            .map(|id| if there[*id as usize] { coin(*id, "1.0") } else { absent(*id) })
            .collect();
        let text = composed(&plan(form, container, &groups, &ids), &held);
        let parsed = serde_json::from_str::<serde_json::Value>(&text);
        proptest::prop_assert!(parsed.is_ok(), "{}", text);
        let mut shown = order(&text);
        shown.sort_unstable();
        let expected: Vec<_> = ids.into_iter().filter(|id| there[*id as usize]).collect();
        proptest::prop_assert_eq!(shown, expected);
    }
}
