//! A Redis that belongs to one test.

use super::private::{Private, Recipe};

/// A private Redis on a free port; it is killed when dropped.
#[derive(Debug)]
pub struct RedisServer {
    server: Private,
}

impl RedisServer {
    /// Starts one and waits until it serves.
    ///
    /// # Panics
    /// When the program is not installed, or does not start.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with more arguments, as `--maxmemory 8mb`.
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

    /// `redis://host:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://{}", self.server.authority())
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
    let arguments = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    Recipe {
        program: "redis-server",
        arguments: arguments.iter().chain(more).map(|word| (*word).to_owned()).collect(),
        port: "--port",
        question: "PING\r\n",
        reply: "+PONG",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::time::timeout;

    use super::*;

    async fn is_answered(stream: &mut TcpStream) -> bool {
        let asked = async {
            stream.write_all(b"PING\r\n").await?;
            stream.read_exact(&mut [0; 7]).await
        };
        timeout(Duration::from_millis(300), asked).await.is_ok_and(|answered| answered.is_ok())
    }

    #[tokio::test]
    async fn a_private_redis_is_frozen_thawed_killed_and_started_again() {
        // Breaks: tests of outages would test nothing.
        let mut redis = RedisServer::start().await;
        let authority = redis.authority();
        let mut stream = TcpStream::connect(&authority).await.unwrap();
        assert!(is_answered(&mut stream).await);
        redis.freeze();
        assert!(!is_answered(&mut stream).await);
        redis.thaw();
        // The question from before is answered, too.
        stream.read_exact(&mut [0; 7]).await.unwrap();
        redis.kill();
        assert!(TcpStream::connect(&authority).await.is_err());
        redis.restart().await;
        assert_eq!(redis.authority(), authority);
        assert!(is_answered(&mut TcpStream::connect(&authority).await.unwrap()).await);
    }
}
