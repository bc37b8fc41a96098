//! A memcached that belongs to one test.

use super::private::{Private, Recipe};

/// A private memcached on a free port; it is killed when dropped.
#[derive(Debug)]
pub struct MemcachedServer {
    server: Private,
}

impl MemcachedServer {
    /// Starts one and waits until it serves.
    ///
    /// # Panics
    /// When the program is not installed, or does not start.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with more arguments, as `-I 2m`.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub async fn start_with(arguments: &[&str]) -> Self {
        Self { server: Private::start(recipe(arguments)).await }
    }

    /// `host:port`, the same for all of its lives.
    #[must_use]
    pub fn authority(&self) -> String {
        self.server.authority()
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// `kill -9`: connections end, and what it held is lost.
    pub fn kill(&mut self) {
        self.server.kill();
    }

    /// Starts it again on the same port, empty.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn restart(&mut self) {
        self.server.restart().await;
    }

    /// SIGSTOP: connections stay open and nothing is answered.
    ///
    /// # Panics
    /// After [`kill`](Self::kill).
    pub fn freeze(&self) {
        self.server.signal("-STOP");
    }

    /// SIGCONT: it goes on, with everything that was sent meanwhile.
    ///
    /// # Panics
    /// After [`kill`](Self::kill).
    pub fn thaw(&self) {
        self.server.signal("-CONT");
    }
}

fn recipe(more: &[&str]) -> Recipe {
    // Root has to name somebody else; for others the option says nothing.
    let arguments = ["-u", "nobody", "-l", "127.0.0.1", "-U", "0", "-m", "64"];
    Recipe {
        program: "memcached",
        arguments: arguments.iter().chain(more).map(|word| (*word).to_owned()).collect(),
        port: "-p",
        question: "version\r\n",
        reply: "VERSION",
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn two_private_memcacheds_stand_beside_each_other_and_end_with_their_values() {
        // Breaks: a test with several servers would speak to one.
        let (first, second) = (MemcachedServer::start().await, MemcachedServer::start().await);
        assert_ne!(first.port(), second.port());
        let authority = first.authority();
        TcpStream::connect(&authority).await.unwrap();
        drop(first);
        assert!(TcpStream::connect(&authority).await.is_err());
    }
}
