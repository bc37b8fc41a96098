//! Price conversion and the state of a key.

use super::{Quotes, quote::quoted, wire};
use crate::{CoinId, Number};

wire! {
    /// An amount in one currency.
    ConvertedQuote {
        id: Option<Number>,
        symbol: Option<String>,
        /// of the whole amount.
        price: Option<Number>,
        last_updated: Option<String>,
    }

    /// An amount of one coin or fiat, converted.
    Conversion {
        id: CoinId,
        symbol: String,
        name: String,
        amount: Option<Number>,
        last_updated: Option<String>,
        quote: Quotes<ConvertedQuote>,
    }

    /// The limits of a key.
    PlanReport {
        credit_limit_daily: Option<Number>,
        credit_limit_daily_reset: Option<String>,
        credit_limit_daily_reset_timestamp: Option<String>,
        credit_limit_monthly: Option<Number>,
        credit_limit_monthly_reset: Option<String>,
        credit_limit_monthly_reset_timestamp: Option<String>,
        rate_limit_minute: Option<Number>,
    }

    /// Requests of this minute.
    MinuteReport {
        requests_made: Option<Number>,
        requests_left: Option<Number>,
    }

    /// Credits of a window.
    CreditReport {
        credits_used: Option<Number>,
        credits_left: Option<Number>,
    }

    /// What is used of a key's limits.
    UsageReport {
        current_minute: Option<MinuteReport>,
        current_day: Option<CreditReport>,
        current_month: Option<CreditReport>,
    }

    /// The state of a key.
    KeyReport {
        plan: Option<PlanReport>,
        usage: Option<UsageReport>,
    }
}

quoted! {
    ConvertedQuote: id symbol;
}
