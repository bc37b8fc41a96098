//! One step of a meter in the words of a dialect.

/// Whoever holds the row of an account is alone with its holds, too.
macro_rules! meter_rows {
    (
        $database:ty, $connection:ty,
        begin: $begin:literal, lock: $lock:literal,
        create: $create:literal, replace: $replace:literal $(,)?
    ) => {
        use $crate::meter::{COLUMNS, HOLD_COLUMNS, Hold, Numbers, Outcome, Sheet, Step};

        /// One step in one transaction.
        async fn step(connection: &mut $connection, step: &Step<'_>) -> sqlx::Result<Outcome> {
            let mut transaction = sqlx::Connection::begin_with(connection, $begin).await?;
            let found = account(&mut transaction, step.account).await?;
            let before = match found {
                Some(numbers) => numbers,
                None => new_account(&mut transaction, step.account).await?,
            };
            let (holds, next_lost) = holds(&mut transaction, step, &before).await?;
            let mut sheet = Sheet::new(&before, holds);
            let outcome = sheet.apply(step, next_lost);
            write(&mut transaction, step.account, &before, &sheet).await?;
            transaction.commit().await?;
            Ok(Outcome { is_new: found.is_none(), ..outcome })
        }

        async fn account(
            connection: &mut $connection,
            account: &[u8],
        ) -> sqlx::Result<Option<Numbers>> {
            let mut query = sqlx::QueryBuilder::<$database>::new("SELECT ");
            query.push(COLUMNS.join(", ")).push(" FROM meter_account WHERE account = ");
            query.push_bind(account.to_vec()).push($lock);
            let Some(row) = query.build().fetch_optional(connection).await? else {
                return Ok(None);
            };
            let mut numbers = Sheet::nothing();
            for (at, number) in numbers.iter_mut().enumerate() {
                *number = sqlx::Row::try_get(&row, at)?;
            }
            Ok(Some(numbers))
        }

        async fn new_account(connection: &mut $connection, name: &[u8]) -> sqlx::Result<Numbers> {
            let mut query =
                sqlx::QueryBuilder::<$database>::new("INSERT INTO meter_account (account, ");
            query.push(COLUMNS.join(", ")).push(") VALUES (").push_bind(name.to_vec());
            for number in Sheet::nothing() {
                query.push(", ").push_bind(number);
            }
            query.push(")").push($create).build().execute(&mut *connection).await?;
            account(connection, name).await?.ok_or(sqlx::Error::RowNotFound)
        }

        /// Those that the step is about. If some may be lost by now, these, too, and when the
        /// first of the others will be.
        async fn holds(
            connection: &mut $connection,
            step: &Step<'_>,
            before: &Numbers,
        ) -> sqlx::Result<(Vec<Hold>, Option<i64>)> {
            let is_losing = Sheet::is_losing(before, step.at);
            let subject = step.act.subject();
            if !is_losing && subject.is_none() {
                return Ok((Vec::new(), None));
            }
            let mut holds = Vec::new();
            if let Some(id) = subject {
                let mut query = select(HOLD_COLUMNS, step.account);
                query.push(" AND id = ").push_bind(id.to_bytes().to_vec());
                holds.extend(fetch(connection, query).await?);
            }
            if !is_losing {
                return Ok((holds, None));
            }
            let mut query = select(HOLD_COLUMNS, step.account);
            query.push(" AND state = 0 AND lost_at <= ").push_bind(step.at.as_millis());
            holds.extend(fetch(connection, query).await?);
            let mut query = select("MIN(lost_at)", step.account);
            query.push(" AND state = 0 AND lost_at > ").push_bind(step.at.as_millis());
            let next: Option<i64> = query.build_query_scalar().fetch_one(connection).await?;
            Ok((holds, Some(next.unwrap_or(i64::MAX))))
        }

        fn select(columns: &'static str, account: &[u8]) -> sqlx::QueryBuilder<$database> {
            let mut query = sqlx::QueryBuilder::new("SELECT ");
            query.push(columns).push(" FROM meter_hold WHERE account = ");
            query.push_bind(account.to_vec());
            query
        }

        async fn fetch(
            connection: &mut $connection,
            mut query: sqlx::QueryBuilder<$database>,
        ) -> sqlx::Result<Vec<Hold>> {
            type Found = (Vec<u8>, i64, i64, i64, i64, i64, i64, i64);
            let found: Vec<Found> = query.build_query_as().fetch_all(connection).await?;
            let hold = |found: Found| {
                let (id, state, price, at_ms, lost_at, ended, booked, calls) = found;
                let id = <[u8; 16]>::try_from(id);
                let id = id.map_err(|_| sqlx::Error::Decode("an id is 16 bytes long".into()))?;
                let id = credits::ReservationId::from_bytes(id);
                Ok(Hold { id, state, price, at_ms, lost_at, ended, booked, calls })
            };
            found.into_iter().map(hold).collect()
        }

        async fn write(
            connection: &mut $connection,
            account: &[u8],
            before: &Numbers,
            sheet: &Sheet,
        ) -> sqlx::Result<()> {
            let (changed, fresh) = sheet.changed();
            let chunks = changed.chunks($crate::limits::ROWS_PER_STATEMENT_MAX);
            for holds in chunks.flat_map($crate::rows::powers_of_two) {
                insert(connection, account, holds, $replace).await?;
            }
            // An id that is there already is an error: nobody may hold twice under one name.
            insert(connection, account, fresh.as_slice(), "").await?;
            if let Some(last) = sheet.forgotten(before) {
                let mut query = sqlx::QueryBuilder::<$database>::new(
                    "DELETE FROM meter_hold WHERE ended > 0 AND account = ",
                );
                query.push_bind(account.to_vec()).push(" AND ended <= ").push_bind(last);
                query.build().execute(&mut *connection).await?;
            }
            if sheet.numbers() == *before {
                return Ok(());
            }
            let mut query = sqlx::QueryBuilder::<$database>::new("UPDATE meter_account SET ");
            for (at, number) in sheet.numbers().into_iter().enumerate() {
                query.push(if at == 0 { "" } else { ", " });
                query.push(COLUMNS[at]).push(" = ").push_bind(number);
            }
            query.push(" WHERE account = ").push_bind(account.to_vec());
            query.build().execute(connection).await?;
            Ok(())
        }

        async fn insert(
            connection: &mut $connection,
            account: &[u8],
            holds: &[Hold],
            then: &'static str,
        ) -> sqlx::Result<()> {
            if holds.is_empty() {
                return Ok(());
            }
            let mut query =
                sqlx::QueryBuilder::<$database>::new("INSERT INTO meter_hold (account, ");
            query.push(HOLD_COLUMNS).push(") ");
            query.push_values(holds, |mut values, hold| {
                values.push_bind(account.to_vec()).push_bind(hold.id.to_bytes().to_vec());
                for number in hold.numbers() {
                    values.push_bind(number);
                }
            });
            query.push(then).build().execute(connection).await?;
            Ok(())
        }

        /// Forgets a few accounts that nobody has used since.
        async fn prune_some(connection: &mut $connection, before: i64) -> sqlx::Result<()> {
            let mut query = sqlx::QueryBuilder::<$database>::new(
                "SELECT account FROM meter_account WHERE used_ms < ",
            );
            query.push_bind(before).push(" ORDER BY used_ms LIMIT ");
            query.push_bind($crate::limits::ACCOUNTS_PRUNED_MAX);
            let unused: Vec<(Vec<u8>,)> =
                query.build_query_as().fetch_all(&mut *connection).await?;
            for (name,) in unused {
                let begun = sqlx::Connection::begin_with(&mut *connection, $begin).await;
                let mut transaction = begun?;
                let numbers = account(&mut transaction, &name).await?;
                if numbers.is_some_and(|numbers| numbers[COLUMNS.len() - 1] < before) {
                    for table in ["meter_hold", "meter_account"] {
                        let mut query = sqlx::QueryBuilder::<$database>::new("DELETE FROM ");
                        query.push(table).push(" WHERE account = ").push_bind(name.clone());
                        query.build().execute(&mut *transaction).await?;
                    }
                }
                transaction.commit().await?;
            }
            Ok(())
        }
    };
}
pub(crate) use meter_rows;
