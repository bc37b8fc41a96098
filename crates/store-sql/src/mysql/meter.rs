use sqlx::{MySql, MySqlConnection};

use crate::{
    meter::meter_rows,
    server::{Patience, Server},
};

meter_rows!(
    MySql, MySqlConnection,
    begin: "BEGIN",
    lock: " FOR UPDATE",
    create: " ON DUPLICATE KEY UPDATE used_ms = meter_account.used_ms",
    replace: " ON DUPLICATE KEY UPDATE state = VALUES(state), price = VALUES(price), \
              at_ms = VALUES(at_ms), lost_at = VALUES(lost_at), ended = VALUES(ended), \
              booked = VALUES(booked), calls = VALUES(calls)",
);

pub(super) async fn run(server: &Server<MySql>, ask: &Step<'_>) -> sqlx::Result<Outcome> {
    let mut connection = server.primary().await?;
    let mut patience = Patience::default();
    loop {
        match step(&mut connection, ask).await {
            Err(error) if patience.bears(&error).await => {}
            outcome => return outcome,
        }
    }
}

pub(super) async fn prune(server: &Server<MySql>, before: i64) -> sqlx::Result<()> {
    let mut connection = server.primary().await?;
    prune_some(&mut connection, before).await
}
