//! A database of its own for each test, on a server that all share.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// A new database; it is dropped with the value, whoever is still connected.
#[derive(Debug)]
pub struct Database {
    /// The server's URL, without a database.
    server: String,
    name: String,
    client: Client,
}

#[derive(Debug, Clone, Copy)]
enum Client {
    Mariadb,
    Psql,
}

impl Database {
    pub(super) async fn of_mysql(server: &str) -> Self {
        Self::create(server, Client::Mariadb).await
    }

    pub(super) async fn of_postgres(server: &str) -> Self {
        Self::create(server, Client::Psql).await
    }

    async fn create(server: &str, client: Client) -> Self {
        let database = Self { server: server.to_owned(), name: new_name(), client };
        let statement = format!("create database {}", database.name);
        let mut command = client.command(server, &statement);
        let output = tokio::task::spawn_blocking(move || command.output()).await;
        let output = output.expect("starting a client does not panic");
        let output = output.unwrap_or_else(|error| panic!("{client:?}: {error}"));
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{statement}: {complaint}");
        database
    }

    /// The URL of the database.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    /// Its URL through something that listens at another `authority`, as a proxy does.
    #[must_use]
    pub fn url_through(&self, authority: &str) -> String {
        self.url().replacen(self.authority(), authority, 1)
    }

    /// `host:port` of its server.
    #[must_use]
    pub fn authority(&self) -> &str {
        Parts::of(&self.server).authority
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // PostgreSQL keeps a database that somebody is connected to.
        let force = if matches!(self.client, Client::Psql) { " with (force)" } else { "" };
        let statement = format!("drop database if exists {}{force}", self.name);
        // The server may be gone before, and its databases with it.
        self.client.command(&self.server, &statement).output().ok();
    }
}

impl Client {
    /// Both are told everything, so that no file of the user's home speaks along.
    fn command(self, server: &str, statement: &str) -> Command {
        let Parts { user, password, authority } = Parts::of(server);
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        let mut command = match self {
            Self::Mariadb => Command::new("mariadb"),
            Self::Psql => Command::new("psql"),
        };
        match self {
            Self::Mariadb => {
                command.args(["--no-defaults", "-h", host, "-P", port, "-u", user]);
                command.env("MYSQL_PWD", password).args(["-e", statement])
            }
            Self::Psql => {
                command.args(["-X", "-q", "-h", host, "-p", port, "-U", user, "-d", "postgres"]);
                command.env("PGPASSWORD", password).args(["-c", statement])
            }
        };
        command.stdin(Stdio::null());
        command
    }
}

/// What a URL of a server says.
struct Parts<'a> {
    user: &'a str,
    password: &'a str,
    authority: &'a str,
}

impl<'a> Parts<'a> {
    fn of(url: &'a str) -> Self {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let (credentials, authority) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
        Self { user, password, authority: authority.trim_end_matches('/') }
    }
}

/// Tests are processes, and one process may want several.
fn new_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let chance = fastrand::u32(..);
    format!("cmc_{}_{}_{chance:08x}", std::process::id(), NEXT.fetch_add(1, Relaxed))
}

#[cfg(test)]
mod tests {
    use super::super::TestServers;
    use super::*;

    fn check_comes_and_goes(database: Database) {
        let (server, name) = (database.server.clone(), database.name.clone());
        let client = database.client;
        let through = database.url_through("127.0.0.1:9");
        assert!(through.ends_with(&format!("@127.0.0.1:9/{name}")), "{through}");
        let is_there = || {
            let again = client.command(&server, &format!("create database {name}")).output();
            !again.unwrap().status.success()
        };
        assert!(is_there());
        drop(database);
        assert!(!is_there());
        client.command(&server, &format!("drop database {name}")).output().unwrap();
    }

    #[tokio::test]
    async fn a_database_of_mysql_comes_and_goes() {
        // Breaks: tests would meet each other's tables.
        check_comes_and_goes(TestServers::mysql_database().await);
    }

    #[tokio::test]
    async fn a_database_of_postgres_comes_and_goes() {
        // Breaks: as above.
        check_comes_and_goes(TestServers::postgres_database().await);
    }

    #[test]
    fn a_url_is_taken_apart_whatever_the_password_holds() {
        // Breaks: the client would be told half of a password as a host.
        let parts = Parts::of("mysql://cmc:p@w@127.0.0.1:3306/");
        let Parts { user, password, authority } = parts;
        assert_eq!((user, password, authority), ("cmc", "p@w", "127.0.0.1:3306"));
    }
}
