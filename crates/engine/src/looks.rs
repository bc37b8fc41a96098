//! One look into the tiers per entity at a time, however many ask for it.
//!
//! What an instance does not hold yet, a crowd asks for in the same moment. Without this each of
//! the crowd would read it from the shared tier and take it apart, the map of all coins included.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    entity::Entity,
    flight::{Joined, Table},
    held::Held,
    limits,
};

/// What a look found of an entity, if anything.
pub(crate) type Seen = Option<Arc<Held>>;
type Ticket = watch::Receiver<Option<Seen>>;

/// The looks that are under way.
#[derive(Debug)]
pub(crate) struct Looks(Table<Entity, Ticket>);

/// An entity that its holder looks for. Dropped without [`Looking::found`], whoever waits for it
/// looks for itself.
#[derive(Debug)]
pub(crate) struct Looking<'a> {
    pub(crate) entity: Entity,
    looks: &'a Looks,
    /// None: the table is full, and nobody waits for it.
    place: Option<(u64, watch::Sender<Option<Seen>>)>,
}

/// An entity that somebody else looks for.
#[derive(Debug)]
pub(crate) struct Awaited {
    pub(crate) entity: Entity,
    ticket: Ticket,
}

impl Looks {
    pub(crate) fn new() -> Self {
        Self(Table::new(limits::LOOKS_MAX))
    }

    /// Those that the caller has to look for, and those that others look for at this moment.
    pub(crate) fn split(&self, entities: Vec<Entity>) -> (Vec<Looking<'_>>, Vec<Awaited>) {
        let (mut mine, mut theirs) = (Vec::new(), Vec::new());
        for entity in entities {
            let mut outlet = None;
            let joined = self.0.join(&entity, || {
                let (sender, ticket) = watch::channel(None);
                outlet = Some(sender);
                ticket
            });
            match joined {
                Joined::Shared(ticket, _) => theirs.push(Awaited { entity, ticket }),
                Joined::Opened(generation, ..) => {
                    let place = outlet.map(|outlet| (generation, outlet));
                    mine.push(Looking { entity, looks: self, place });
                }
                Joined::Full => mine.push(Looking { entity, looks: self, place: None }),
            }
        }
        (mine, theirs)
    }

    /// Something was removed: who asks from now on waits for no look that began before.
    pub(crate) fn part(&self) {
        self.0.detach_where(|_| true);
    }
}

impl Looking<'_> {
    /// Tells those who wait.
    pub(crate) fn found(mut self, seen: Seen) {
        if let Some((generation, outlet)) = self.place.take() {
            self.looks.0.land(&self.entity, generation);
            outlet.send_replace(Some(seen));
        }
    }
}

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        if let Some((generation, _)) = &self.place {
            self.looks.0.land(&self.entity, *generation);
        }
    }
}

impl Awaited {
    /// Waits for the end of the look; gives the entity back if it has none.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub(crate) async fn ended(mut self) -> Result<(Entity, Seen), Entity> {
        let seen = self.ticket.wait_for(Option::is_some).await.ok().and_then(|seen| seen.clone());
        seen.map(|seen| (self.entity.clone(), seen)).ok_or(self.entity)
    }
}
