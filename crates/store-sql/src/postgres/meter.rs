use sqlx::{PgConnection, Postgres};

use crate::{
    meter::meter_rows,
    server::{Patience, Server},
};

meter_rows!(
    Postgres, PgConnection,
    begin: "BEGIN",
    lock: " FOR UPDATE",
    create: " ON CONFLICT (account) DO NOTHING",
    replace: " ON CONFLICT (account, id) DO UPDATE SET state = excluded.state, \
              price = excluded.price, at_ms = excluded.at_ms, lost_at = excluded.lost_at, \
              ended = excluded.ended, booked = excluded.booked, calls = excluded.calls",
);

pub(super) async fn run(server: &Server<Postgres>, ask: &Step<'_>) -> sqlx::Result<Outcome> {
    let mut connection = server.primary().await?;
    let mut patience = Patience::default();
    loop {
        match step(&mut connection, ask).await {
            Err(error) if patience.bears(&error).await => {}
            outcome => return outcome,
        }
    }
}

pub(super) async fn prune(server: &Server<Postgres>, before: i64) -> sqlx::Result<()> {
    let mut connection = server.primary().await?;
    prune_some(&mut connection, before).await
}
