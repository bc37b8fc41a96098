use cmc_api::Catalogue;

use super::*;

fn packing(wanted: &[Want], demand: &dyn Demand) -> Packed {
    packing_for(120, wanted, demand)
}

fn packing_for(converts_max: usize, wanted: &[Want], demand: &dyn Demand) -> Packed {
    let (tariff, ranks) = (Tariff::of(&Catalogue::embedded()), Ranks::default());
    pack(wanted, Terms { tariff: &tariff, converts_max, ranks: &ranks }, demand)
}

fn coin(id: u32) -> CoinId {
    CoinId::new(id)
}

fn quote(id: u32, currency: u32) -> Want {
    Want::of(Entity::Quote { coin: coin(id), currency: coin(currency) })
}

fn block(number: u32, currencies: &[u32]) -> Want {
    let currency = coin(currencies[0]);
    let entity = Entity::Block { ranking: Ranking::by_rank(), currency, block: number };
    Want { entity, how: How::InCurrencies(currencies.iter().map(|id| coin(*id)).collect()) }
}

fn queries(packed: &Packed) -> Vec<String> {
    packed.loads.iter().map(|load| load.call.query().to_owned()).collect()
}

/// Wants every number from 1,000 up.
struct Anything;

impl Demand for Anything {
    fn quotes(&self, _: &[CoinId], room: usize, taken: &[CoinId]) -> Vec<CoinId> {
        (1_000..).map(coin).filter(|id| !taken.contains(id)).take(room).collect()
    }

    fn infos(&self, room: usize, taken: &[CoinId]) -> Vec<CoinId> {
        self.quotes(&[coin(2_781)], room, taken)
    }

    fn totals(&self, room: usize, taken: &[CoinId]) -> Vec<CoinId> {
        let currencies = [2_781, 2_790, 1].map(coin).into_iter();
        currencies.filter(|id| !taken.contains(id)).take(room).collect()
    }
}

#[test]
fn quotes_share_a_call_and_fill_the_block() {
    // Breaks if a credit buys less than it could, or asked keys are not the first of their call.
    let wanted = [quote(1, 2_781), quote(5, 2_790), quote(2, 2_781)];
    let all = packing(&wanted, &Anything);
    let [load] = &all.loads[..] else { panic!("{:?}", queries(&all)) };
    assert_eq!((load.price.get(), load.carries.len()), (2, 2 * limits::COINS_PER_CALL_MAX));
    assert_eq!((load.call.n_items(), load.call.n_converts()), (250, 2));
    assert!(load.call.query().starts_with("id=1,2,5,1000,"));
    assert_eq!(load.carries[0], wanted[0].entity);
    let place = |want: &Want| load.carries.iter().position(|one| *one == want.entity).unwrap();
    assert!(wanted.iter().all(|want| place(want) < 3));
}

#[test]
fn where_the_plan_allows_one_currency_a_call_each_has_its_own() {
    // Breaks if the smallest plan gets refusals, or pays more than the others.
    let wanted = [quote(1, 2_781), quote(5, 2_790), quote(2, 2_781)];
    let apart = packing_for(1, &wanted, &Anything);
    assert_eq!(apart.loads.len(), 2);
    for (load, first) in apart.loads.iter().zip(["id=1,2,", "id=5,1000,"]) {
        assert_eq!((load.price.get(), load.carries.len()), (1, limits::COINS_PER_CALL_MAX));
        assert!(load.call.query().starts_with(first), "{}", load.call.query());
    }
    let page = packing_for(1, &[block(0, &[2_781, 2_790])], &NoDemand);
    assert_eq!(page.loads[0].price.get(), 1);
}

#[test]
fn only_the_begun_block_is_filled() {
    // Breaks if full calls are padded, or fillers repeat what an earlier call carries.
    let wanted: Vec<Want> = (1_000..1_251).map(|id| quote(id, 2_781)).collect();
    let packed = packing(&wanted, &Anything);
    let all: HashSet<_> = packed.loads.iter().flat_map(|load| &load.carries).collect();
    assert_eq!((packed.loads.len(), all.len()), (2, 500));
}

#[test]
fn nothing_wanted_means_no_call() {
    // Breaks if fillers alone cost a credit.
    assert!(packing(&[], &Anything).loads.is_empty());
}

#[test]
fn neighbouring_blocks_go_in_one_call_and_gaps_split() {
    // Breaks if blocks nobody asked for are bought, or neighbours are bought apart.
    let wanted = [4, 0, 1, 1, 2].map(|number| block(number, &[2_781]));
    let packed = packing(&wanted, &NoDemand);
    let starts: Vec<_> = queries(&packed)
        .iter()
        .map(|query| query.split("&sort").next().unwrap().to_owned())
        .collect();
    assert_eq!(starts, ["start=1&limit=750", "start=1001&limit=250"]);
    assert_eq!(packed.loads.iter().map(|load| load.price.get()).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(packed.loads[0].carries.len(), 3);
}

#[test]
fn a_run_is_no_longer_than_a_call_may_be() {
    // Breaks at upstream's maximum of 5,000.
    let wanted: Vec<Want> = (0..25).map(|number| block(number, &[2_781])).collect();
    let packed = packing(&wanted, &NoDemand);
    let lengths: Vec<_> = packed.loads.iter().map(|load| load.carries.len()).collect();
    assert_eq!(lengths, [20, 5]);
    assert!(packed.refused.is_empty());
}

#[test]
fn blocks_of_other_currencies_or_rankings_do_not_mix() {
    // Breaks if a page is sorted by one currency and named by another.
    let other = Want {
        entity: Entity::Block {
            ranking: Ranking::new("sort=name&sort_dir=asc"),
            currency: coin(2_781),
            block: 1,
        },
        how: How::InCurrencies(std::iter::once(coin(2_781)).collect()),
    };
    let wanted = [block(0, &[2_781]), block(1, &[2_781, 2_790]), other];
    let packed = packing(&wanted, &NoDemand);
    let prices: Vec<_> = packed.loads.iter().map(|load| load.price.get()).collect();
    assert_eq!(prices, [1, 2, 1]);
}

#[test]
fn metadata_goes_in_blocks_and_the_map_is_free() {
    // Breaks if metadata is bought coin by coin.
    let mut wanted: Vec<Want> =
        (1..=300).map(|id| Want::of(Entity::Info { coin: coin(id) })).collect();
    wanted.push(Want::of(Entity::Map));
    let packed = packing(&wanted, &NoDemand);
    let facts: Vec<_> =
        packed.loads.iter().map(|load| (load.carries.len(), load.price.get())).collect();
    assert_eq!(facts, [(250, 1), (50, 1), (1, 0)]);
    assert_eq!(packed.loads[2].kind, LoadKind::Map);
}

#[test]
fn what_no_call_can_be_made_of_is_told_apart() {
    // Breaks if one oversized request takes the others down with it.
    let currencies: Vec<u32> = (2_781..2_781 + 121).collect();
    let packed = packing_for(999, &[block(0, &currencies), quote(1, 2_781)], &NoDemand);
    assert_eq!((packed.loads.len(), packed.refused.len()), (1, 1));
    assert!(matches!(packed.refused[0].1, CallError::TooMany { .. }));
}

proptest::proptest! {
    /// Breaks if packing ever loses a key, sends one twice, or overfills a call.
    #[test]
    fn every_key_is_in_exactly_one_call(
        keys in proptest::collection::hash_set((1..900_u32, 0..3_u32), 0..700),
        blocks in proptest::collection::hash_set(0..60_u32, 0..40),
    ) {
        let quotes = keys.iter().map(|(id, currency)| quote(*id, 2_781 + currency));
        let wanted: Vec<Want> =
            quotes.chain(blocks.iter().map(|number| block(*number, &[2_781]))).collect();
        let packed = packing(&wanted, &Anything);
        let mut seen = HashSet::new();
        for entity in packed.loads.iter().flat_map(|load| &load.carries) {
            proptest::prop_assert!(seen.insert(entity), "{entity} is in two calls");
        }
        proptest::prop_assert!(wanted.iter().all(|want| seen.contains(&want.entity)));
        for load in &packed.loads {
            proptest::prop_assert!(load.call.n_items() <= 5_000);
            let blocks = load.call.n_items().div_ceil(250).max(1);
            proptest::prop_assert_eq!(load.price.get(), blocks + load.call.n_converts() - 1);
        }
    }
}
