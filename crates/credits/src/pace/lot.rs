/// What one call refreshes together: the coins of one currency, a ranking, one whole answer.
///
/// A call that is made for one coin carries 250 for the same credit. So the next coin costs
/// nothing, the next *call* costs all of it, and it is the lot that has a price, a demand and an
/// age. Estimates, and therefore floats: they set ages, never amounts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lot {
    /// Answers a second that need it.
    pub rate: f64,
    /// Credits for one refresh.
    pub price: f64,
    /// The youngest age at which it is refreshed, in seconds.
    pub least: f64,
    /// The oldest age at which it is still served, in seconds.
    pub most: f64,
}

impl Lot {
    /// The age up to which it is served, in seconds, where one credit is worth `worth` seconds of
    /// age, summed over the answers.
    ///
    /// A refresh is due when it saves as much as it costs: `age + rate · age² / 2 = worth · price`.
    /// For lots that are often asked for, that is the square root of the price over the demand.
    #[must_use]
    pub fn age(&self, worth: f64) -> f64 {
        let exchanged = worth * self.price;
        let free = 2.0 * exchanged / (1.0 + (2.0 * self.rate).mul_add(exchanged, 1.0).sqrt());
        free.clamp(self.least, self.most.max(self.least))
    }

    /// The worth at which [`Lot::age`] is `age`.
    #[must_use]
    pub fn worth_of(&self, age: f64) -> f64 {
        (self.rate * age).mul_add(age / 2.0, age) / self.price.max(f64::MIN_POSITIVE)
    }

    /// Refreshes a second: the first question after the age has passed pays for the next one.
    #[must_use]
    pub fn refreshes(&self, worth: f64) -> f64 {
        self.rate / self.rate.mul_add(self.age(worth), 1.0)
    }

    /// Credits a second.
    #[must_use]
    pub fn spending(&self, worth: f64) -> f64 {
        self.price * self.refreshes(worth)
    }

    /// The same under other demand.
    #[must_use]
    pub const fn at_rate(self, rate: f64) -> Self {
        Self { rate, ..self }
    }
}
