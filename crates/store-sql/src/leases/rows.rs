//! A turn at rows of leases: read under locks, changed here, written back.

/// A lease as it lies in its table, and the database's clock when it was read. A token of zero:
/// nobody ever had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeaseRow {
    pub(crate) key: Vec<u8>,
    pub(crate) token: i64,
    pub(crate) until_ms: i64,
    pub(crate) now_ms: i64,
}

impl LeaseRow {
    pub(crate) const fn is_held(&self) -> bool {
        self.now_ms < self.until_ms
    }

    pub(crate) fn until(&self, until_ms: i64) -> Self {
        Self { until_ms, ..self.clone() }
    }

    /// What it becomes when it is taken, if it may be.
    pub(crate) fn taken(&self, proposed: i64, length_ms: i64) -> Option<Self> {
        if self.is_held() {
            return None;
        }
        // Nobody's clock counts in versions beyond this: milliseconds and a counter of 16 bits.
        let now = self.now_ms.clamp(0, i64::MAX >> 16) << 16;
        let token = proposed.max(now).max(self.token.saturating_add(1));
        Some(Self { token, ..self.until(self.now_ms.saturating_add(length_ms)) })
    }
}

/// What to do with some rows.
pub(crate) struct Turn<'a> {
    /// In their order, each once.
    pub(crate) keys: &'a [&'a [u8]],
    /// What is not there is made.
    pub(crate) is_taking: bool,
    /// What a row becomes, if anything else. Called again where the database wants it again.
    pub(crate) change: &'a (dyn Fn(&LeaseRow) -> Option<LeaseRow> + Sync),
}

impl Turn<'_> {
    /// Whether a look is enough: most who ask for a lease find it held, and shall lock nothing.
    pub(crate) fn is_idle(&self, rows: &[LeaseRow]) -> bool {
        let is_complete = !self.is_taking || rows.len() == self.keys.len();
        is_complete && rows.iter().all(|row| (self.change)(row).is_none())
    }

    pub(crate) fn changed(&self, rows: &[LeaseRow]) -> Vec<LeaseRow> {
        rows.iter().filter_map(self.change).collect()
    }
}

/// The same steps in the words of a dialect. Statements have few texts (their lists are filled up
/// to powers of two), so that they stay prepared. Rows are locked in the order of their keys.
macro_rules! lease_rows {
    (
        $database:ty, $connection:ty,
        begin: $begin:literal, now: $now:literal, lock: $lock:literal,
        create: $create:literal, replace: $replace:literal $(,)?
    ) => {
        /// One turn; the rows as they were before it.
        pub(super) async fn turn(
            connection: &mut $connection,
            turn: &$crate::leases::Turn<'_>,
        ) -> sqlx::Result<Vec<$crate::leases::LeaseRow>> {
            let seen = read(connection, turn.keys, "").await?;
            if turn.is_idle(&seen) {
                return Ok(seen);
            }
            let mut transaction = sqlx::Connection::begin_with(connection, $begin).await?;
            if turn.is_taking {
                let new = turn.keys.iter().map(|key| (key.to_vec(), 0, 0)).collect();
                write(&mut transaction, new, $create).await?;
            }
            let rows = read(&mut transaction, turn.keys, $lock).await?;
            let changed = turn.changed(&rows).into_iter();
            let changed = changed.map(|row| (row.key, row.token, row.until_ms)).collect();
            write(&mut transaction, changed, $replace).await?;
            transaction.commit().await?;
            Ok(rows)
        }

        async fn read(
            connection: &mut $connection,
            keys: &[&[u8]],
            lock: &'static str,
        ) -> sqlx::Result<Vec<$crate::leases::LeaseRow>> {
            let mut rows = Vec::with_capacity(keys.len());
            for keys in keys.chunks($crate::limits::KEYS_PER_STATEMENT_MAX) {
                let mut query = sqlx::QueryBuilder::<$database>::new(concat!(
                    "SELECT cache_key, token, until_ms, ",
                    $now,
                    " FROM lease WHERE cache_key IN ("
                ));
                let mut list = query.separated(", ");
                for place in 0..keys.len().next_power_of_two() {
                    list.push_bind(keys[place.min(keys.len() - 1)].to_vec());
                }
                query.push(") ORDER BY cache_key").push(lock);
                let found: Vec<(Vec<u8>, i64, i64, i64)> =
                    query.build_query_as().fetch_all(&mut *connection).await?;
                rows.extend(found.into_iter().map(|(key, token, until_ms, now_ms)| {
                    $crate::leases::LeaseRow { key, token, until_ms, now_ms }
                }));
            }
            Ok(rows)
        }

        async fn write(
            connection: &mut $connection,
            rows: Vec<(Vec<u8>, i64, i64)>,
            then: &'static str,
        ) -> sqlx::Result<()> {
            let chunks = rows.chunks($crate::limits::ROWS_PER_STATEMENT_MAX);
            for rows in chunks.flat_map($crate::rows::powers_of_two) {
                let mut query = sqlx::QueryBuilder::<$database>::new(
                    "INSERT INTO lease (cache_key, token, until_ms) ",
                );
                query.push_values(rows, |mut values, (key, token, until_ms)| {
                    values.push_bind(key.clone()).push_bind(*token).push_bind(*until_ms);
                });
                query.push(then).build().execute(&mut *connection).await?;
            }
            Ok(())
        }
    };
}
pub(crate) use lease_rows;
