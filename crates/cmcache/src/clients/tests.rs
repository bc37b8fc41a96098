use std::time::Duration;

use clock::{Clock, ManualClock};
use credits::{
    Account, AccountParts, Budget, ClientsParts, Credits, MemoryLedger, MemoryMeter, NoJournal,
    Policy,
};

use super::*;

struct Rig {
    config: Config,
    clients: Clients,
    ledger: MemoryLedger,
    file: ClientFile,
    _folder: tempfile::TempDir,
}

impl Rig {
    fn new(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut flags: Vec<String> = settings.iter().map(|set| (*set).to_owned()).collect();
        flags.push(format!("data_dir={}", folder.path().display()));
        let config = Config::load(None, &[], &flags).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::default());
        let meter = Arc::new(MemoryMeter::new());
        let key = Account::new(AccountParts {
            name: "key".into(),
            meter: Arc::clone(&meter) as _,
            journal: Arc::new(NoJournal),
            budget: Budget::UNLIMITED,
            policy: Policy::Closed,
            clock: Arc::clone(&clock),
        });
        let (journal, policy) = (Arc::new(NoJournal), Policy::Closed);
        let parts = ClientsParts { key, meter, journal, policy, clock };
        let file = ClientFile::at(config.clients_file().unwrap());
        let (clients, ledger) = (Clients::new(parts), MemoryLedger::new());
        Self { config, clients, ledger, file, _folder: folder }
    }

    async fn roster(&self) -> Roster {
        let roster = Roster::read(&self.config).unwrap();
        self.refresh(&roster).await;
        roster
    }

    async fn refresh(&self, roster: &Roster) {
        roster.refresh(&self.config, &self.clients, &self.ledger).await.unwrap();
    }

    fn add(&self, name: &str, quota: Quota) -> String {
        let added = self.file.add(name, quota, Timestamp::EPOCH).unwrap();
        added.token.expose().to_owned()
    }
}

fn name(roster: &Roster, token: &str) -> Option<String> {
    roster.find(token.as_bytes()).map(|caller| caller.client().name().to_string())
}

#[tokio::test]
async fn nobody_needs_a_token_until_somebody_was_given_one() {
    // On loopback an existing program must work without any set-up; and revoking the last client
    // must not let everybody in.
    let rig = Rig::new(&[]);
    let roster = rig.roster().await;
    assert!(roster.is_open());
    let token = rig.add("web", Quota::default());
    rig.refresh(&roster).await;
    assert!(!roster.is_open());
    assert_eq!(name(&roster, &token).as_deref(), Some("web"));
    rig.file.revoke("web").unwrap();
    rig.refresh(&roster).await;
    assert!(!roster.is_open());
    assert_eq!(name(&roster, &token), None);
    assert!(rig.clients.get("web").is_none());
}

#[tokio::test]
async fn configured_clients_and_kept_ones_are_told_apart_by_their_tokens() {
    // Breaks if one list hides the other, or a token of one is taken for another's.
    let rig = Rig::new(&["clients.web=t-web", "clients.bot=t-bot", "quotas.bot.day=7"]);
    let token = rig.add("late", Quota { minute: Some(3), ..Quota::default() });
    let roster = rig.roster().await;
    assert_eq!(name(&roster, "t-web").as_deref(), Some("web"));
    assert_eq!(name(&roster, "t-bot").as_deref(), Some("bot"));
    assert_eq!(name(&roster, &token).as_deref(), Some("late"));
    assert_eq!(name(&roster, "t-wex"), None);
    assert_eq!(name(&roster, ""), None);
    let quota = |name: &str| rig.clients.get(name).unwrap().quota();
    assert_eq!(quota("bot").day, Some(Credits::new(7)));
    assert_eq!(quota("late").minute, Some(3));
    let places: Vec<_> = roster.all().into_iter().map(|(name, from, _)| (name, from)).collect();
    let expected = [("bot", Listed::Config), ("late", Listed::File), ("web", Listed::Config)];
    assert_eq!(places, expected.map(|(name, from)| (name.to_owned(), from)));
}

#[tokio::test]
async fn a_configured_client_wins_over_a_kept_one_of_its_name() {
    // What is written down for all instances must not be undone by one file.
    let rig = Rig::new(&["clients.web=t-web"]);
    let token = rig.add("web", Quota::default());
    let roster = rig.roster().await;
    assert_eq!(name(&roster, "t-web").as_deref(), Some("web"));
    assert_eq!(name(&roster, &token), None);
}

#[tokio::test]
async fn a_change_of_the_file_keeps_the_minute_of_the_others() {
    // Breaks if adding a client gives all others their minute anew.
    let rig = Rig::new(&[]);
    let token = rig.add("web", Quota::default());
    let roster = rig.roster().await;
    let now = Timestamp::EPOCH.after(Duration::from_secs(90));
    assert_eq!(roster.find(token.as_bytes()).unwrap().count(now), 1);
    rig.add("other", Quota::default());
    rig.refresh(&roster).await;
    assert_eq!(roster.find(token.as_bytes()).unwrap().count(now), 2);
}

#[tokio::test]
async fn a_damaged_file_changes_nothing_while_running_and_is_refused_at_the_start() {
    // Half a file must not lock every client out.
    let rig = Rig::new(&[]);
    let token = rig.add("web", Quota::default());
    let roster = rig.roster().await;
    std::fs::write(rig.file.path(), "[[client]]\nname = 3\n").unwrap();
    assert!(roster.refresh(&rig.config, &rig.clients, &rig.ledger).await.is_err());
    assert_eq!(name(&roster, &token).as_deref(), Some("web"));
    assert!(Roster::read(&rig.config).is_err());
}

#[test]
fn tokens_are_not_shown() {
    // Debug ends in logs.
    let rig = Rig::new(&["clients.web=canary-token"]);
    let shown = format!("{:?}", Roster::read(&rig.config).unwrap());
    assert!(!shown.contains("canary") && shown.contains("web"), "{shown}");
}
