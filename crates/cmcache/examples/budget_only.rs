//! Only the budget, without a cache: your own client reserves before each call and settles after
//! it, and is refused what would not fit.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::{sync::Arc, time::Duration};

use cmcache::{
    clock::SystemClock,
    credits::{
        Account, AccountParts, Budget, Credits, GroupBy, Ledger, MemoryLedger, MemoryMeter,
        NoJournal, Policy, Purpose, Settled,
    },
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let account = Account::new(AccountParts {
        name: "my key".into(),
        meter: Arc::new(MemoryMeter::default()),
        journal: Arc::new(NoJournal),
        budget: Budget { month: Some(Credits::new(10)), ..Budget::UNLIMITED },
        policy: Policy::default(),
        clock: Arc::new(SystemClock),
    });
    for (n_coins, price, charge) in [(250, 1, 1), (1_500, 6, 5), (2_000, 8, 8)] {
        let purpose = Purpose { operation: "quotes".into(), n_keys: n_coins };
        match account.reserve(Credits::new(price), purpose).await {
            Ok(reservation) => {
                // … your own client makes the call here …
                let how = Settled { elapsed: Duration::from_millis(80), outcome: "ok" };
                reservation.settle(Credits::new(charge), how).await;
                println!("{n_coins} coins: {price} held, {charge} charged");
            }
            Err(denied) => println!("{n_coins} coins: {denied}"),
        }
    }
    let ledger = MemoryLedger::default();
    account.flush(&ledger).await?;
    for total in ledger.totals(&Default::default(), GroupBy::Operation).await? {
        println!(
            "on record: {} took {} credits in {} calls",
            total.key, total.credits, total.calls
        );
    }
    Ok(())
}
