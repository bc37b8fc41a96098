//! What a call took, split among those for whom it was made.

use std::sync::Arc;

use cmc_api::Charge;
use credits::{Credits, Denied, Hold, Party, Purpose, Settled, ShareOf};

use crate::{
    entity::{Entity, Want},
    fetch::Crew,
    flight::Passengers,
    pack::Load,
    seat::Seat,
};

/// One of those for whom a call is made, with what it wants of it.
struct Sharer {
    party: Party,
    /// Where it sees what it paid. Nobody looks for what the house wanted by itself.
    seat: Option<Arc<Seat>>,
    wants: Vec<Want>,
}

impl Crew {
    /// Where nobody in particular asked for any of it, the call must fit into what is reserved for
    /// nobody; clients hold their own part already.
    pub(crate) async fn hold_for_house(
        &self,
        load: &Load,
        aboard: &Passengers,
        purpose: &Purpose,
    ) -> Result<Option<Hold>, Denied> {
        let Some(clients) = &self.clients else { return Ok(None) };
        let has_client = |entity: &Entity| {
            let wanted = aboard.wanted(entity);
            wanted.is_some_and(|(_, seats)| seats.iter().any(|seat| seat.client().is_some()))
        };
        // Clients hold what they would pay alone; that a page is due is the house's affair.
        let rest = match load.carries.iter().any(has_client) {
            true => load.price.saturating_sub(load.alone),
            false => load.price,
        };
        if rest.is_zero() {
            return Ok(None);
        }
        clients.hold_for_house(rest, purpose).await.map(Some)
    }

    /// Splits what a call took by what each of those aboard would have paid alone. The shares sum
    /// up to the charge; fillers cost nobody anything.
    pub(crate) fn share_out(
        &self,
        load: &Load,
        aboard: &Passengers,
        charge: Charge,
        (purpose, how): (&Purpose, Settled),
    ) {
        let (charged, assumed) = match charge {
            Charge::Exactly(charged) => (charged, false),
            Charge::Unknown => (load.price, true),
            Charge::Nothing => return,
        };
        if charged.is_zero() {
            return;
        }
        let is_page = load.alone < load.price;
        let rest = if is_page { charged.saturating_sub(load.alone) } else { Credits::ZERO };
        if let Some(clients) = self.clients.as_ref().filter(|_| !rest.is_zero()) {
            clients.book_for_house(rest, purpose, ShareOf { how, assumed });
        }
        let sharers = sharers(load, aboard);
        let shares = self.shares(charged.saturating_sub(rest), &sharers);
        for (sharer, share) in sharers.iter().zip(shares) {
            let n_keys = u32::try_from(sharer.wants.len()).unwrap_or(u32::MAX);
            let purpose = Purpose { operation: Arc::clone(&purpose.operation), n_keys };
            let of = ShareOf { how, assumed };
            if let Some(seat) = &sharer.seat {
                seat.pay(share, &purpose, of);
            }
            if sharer.party.is_none()
                && let Some(clients) = &self.clients
            {
                clients.book_for_house(share, &purpose, of);
            }
        }
    }

    fn shares(&self, charged: Credits, sharers: &[Sharer]) -> Vec<Credits> {
        match (sharers, &self.clients) {
            ([], _) | (_, None) => sharers.iter().map(|_| charged).take(1).collect(),
            ([_], _) => vec![charged],
            (_, Some(clients)) => {
                let weights = sharers
                    .iter()
                    .map(|sharer| (sharer.party.clone(), self.price_alone(&sharer.wants).get()));
                clients.split(charged, &weights.collect::<Vec<_>>())
            }
        }
    }

    /// What `wants` would cost if nobody else wanted anything.
    pub(crate) fn price_alone(&self, wants: &[Want]) -> Credits {
        let loads = self.pack(wants).loads;
        loads.iter().map(|load| load.price).sum()
    }
}

/// Everybody aboard, each once, in the order in which they asked.
fn sharers(load: &Load, aboard: &Passengers) -> Vec<Sharer> {
    let mut sharers: Vec<Sharer> = Vec::new();
    for entity in &load.carries {
        let Some((want, seats)) = aboard.wanted(entity) else { continue };
        let nobody = seats.is_empty().then_some(None);
        for seat in seats.into_iter().map(Some).chain(nobody) {
            let client = seat.as_ref().and_then(|seat| seat.client());
            let party = client.map(|client| Arc::clone(client.name()));
            match sharers.iter_mut().find(|sharer| sharer.party == party) {
                Some(sharer) => {
                    sharer.wants.push(want.clone());
                    sharer.seat = sharer.seat.take().or(seat);
                }
                None => sharers.push(Sharer { party, seat, wants: vec![want.clone()] }),
            }
        }
    }
    sharers
}
