//! A connection of either sort, and what it takes to make one.

use redis::{
    Cmd, ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo, Pipeline,
    RedisConnectionInfo, RedisError, RedisFuture, RedisResult, TlsCertificates, Value,
    aio::{ConnectionLike, MultiplexedConnection},
    cluster_async::ClusterConnection,
    io::tcp::TcpSettings,
};

use crate::config::Place;

/// A connection; clones share it.
#[derive(Clone)]
pub(crate) enum Wire {
    Single(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl ConnectionLike for Wire {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Single(wire) => wire.req_packed_command(cmd),
            Self::Cluster(wire) => wire.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Single(wire) => wire.req_packed_commands(pipeline, offset, count),
            Self::Cluster(wire) => wire.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(wire) => wire.get_db(),
            Self::Cluster(wire) => wire.get_db(),
        }
    }
}

pub(super) fn address(place: &Place) -> ConnectionAddr {
    let host = place.host.clone();
    if place.is_tls {
        ConnectionAddr::TcpTls { host, port: place.port, insecure: false, tls_params: None }
    } else {
        ConnectionAddr::Tcp(host, place.port)
    }
}

pub(super) fn info(place: &Place) -> RedisResult<ConnectionInfo> {
    let mut settings = RedisConnectionInfo::default().set_db(place.database);
    if let Some(user) = &place.user {
        settings = settings.set_username(user);
    }
    if let Some(password) = &place.password {
        settings = settings.set_password(password);
    }
    let info = address(place).into_connection_info()?;
    Ok(info.set_tcp_settings(TcpSettings::default().set_nodelay(true)).set_redis_settings(settings))
}

pub(super) fn certificates(pem: &[u8]) -> TlsCertificates {
    TlsCertificates { client_tls: None, root_cert: Some(pem.to_vec()) }
}

/// Whether the connection is of no more use.
pub(super) fn is_dead(error: &RedisError) -> bool {
    (error.is_io_error() && !error.is_timeout())
        || error.is_connection_dropped()
        || error.is_unrecoverable_error()
        // A master that has become a replica refuses to write: another one is the master now.
        || matches!(error.kind(), ErrorKind::Server(redis::ServerErrorKind::ReadOnly))
}
