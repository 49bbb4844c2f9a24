//! Where a session goes: a server that the user named, or where the client wanted to go.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use socket2::{Domain, Protocol, SockAddr, SockRef, Socket, Type};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio::time::timeout;

use super::config::{Mode, Upstream};
use super::listener::transparent;
use super::notice::Trouble;

/// Marks the proxy's own connections, so that rules can leave them alone.
pub const MARK: u32 = 0x7274_0002;

/// Refuses an upstream that cannot be: a name that is not known, or this proxy itself.
pub(super) fn check(mode: &Mode, listening: &[SocketAddr]) -> Result<(), Trouble> {
    let Mode::Reverse(upstream) = mode else { return Ok(()) };
    let found: Vec<SocketAddr> = (upstream.host.as_str(), upstream.port)
        .to_socket_addrs()
        .map_err(|error| Trouble::Upstream(format!("cannot find {}: {error}", upstream.host)))?
        .collect();
    if found.iter().any(|to| listening.iter().any(|own| is_itself(*to, *own))) {
        let why = format!("{upstream} is this proxy: give the server's address, or another --listen");
        return Err(Trouble::Upstream(why));
    }
    Ok(())
}

/// Would a connection to `to` reach the listener on `own`?
fn is_itself(to: SocketAddr, own: SocketAddr) -> bool {
    let ip = to.ip().to_canonical();
    to.port() == own.port() && (ip == own.ip().to_canonical() || own.ip().is_unspecified() && is_local(ip))
}

/// Is this an address of this machine? Asked by binding to it.
fn is_local(ip: IpAddr) -> bool {
    std::net::UdpSocket::bind(SocketAddr::new(ip, 0)).is_ok()
}

/// Where a client wants to go; an upstream's name is looked up anew for each session.
pub(super) async fn of(mode: &Mode, client: &TcpStream) -> io::Result<Vec<SocketAddr>> {
    let own = client.local_addr()?;
    let wanted = match mode {
        Mode::Reverse(upstream) => return lookup(upstream).await,
        // The kernel's rule left the address that the client wanted as the socket's own.
        Mode::Tproxy => own,
        Mode::Redirect => {
            let socket = SockRef::from(client);
            let original =
                if own.ip().to_canonical().is_ipv4() { socket.original_dst_v4() } else { socket.original_dst_v6() };
            let original = original.ok().and_then(|address| address.as_socket());
            original.ok_or_else(|| io::Error::other("it was not redirected, so nobody knows where it wanted to go"))?
        }
    };
    if *mode == Mode::Redirect && wanted == own {
        return Err(io::Error::other("it was not redirected but made to the proxy itself"));
    }
    Ok(vec![wanted])
}

async fn lookup(upstream: &Upstream) -> io::Result<Vec<SocketAddr>> {
    match upstream.host.parse::<IpAddr>() {
        Ok(ip) => Ok(vec![SocketAddr::new(ip, upstream.port)]),
        Err(_) => Ok(lookup_host((upstream.host.as_str(), upstream.port)).await?.collect()),
    }
}

/// Connects to the first of the addresses that answers. `from` is the client's address, to be kept.
pub(super) async fn connect(
    addresses: &[SocketAddr],
    from: Option<SocketAddr>,
    marked: bool,
    patience: Duration,
) -> io::Result<TcpStream> {
    let mut failure = io::Error::other("it has no address");
    for address in addresses {
        let attempt = async {
            let socket = match from {
                Some(client) => from_address(client, *address)?,
                None if address.is_ipv4() => TcpSocket::new_v4()?,
                None => TcpSocket::new_v6()?,
            };
            if marked {
                // Only the superuser may; for others there is `proxy setup --own-user`.
                let _ = SockRef::from(&socket).set_mark(MARK);
            }
            socket.connect(*address).await
        };
        match timeout(patience, attempt).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = error,
            Err(_) => {
                let why = format!("no answer from {address} in {} s", patience.as_secs_f32());
                failure = io::Error::new(io::ErrorKind::TimedOut, why);
            }
        }
    }
    Err(failure)
}

/// A socket that has the client's own address and port.
fn from_address(client: SocketAddr, server: SocketAddr) -> io::Result<TcpSocket> {
    let socket = Socket::new(Domain::for_address(server), Type::STREAM, Some(Protocol::TCP))?;
    transparent(&socket, server)?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SockAddr::from(client))?;
    Ok(TcpSocket::from_std_stream(socket.into()))
}

/// Words for a failure to connect.
pub(super) fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "it refused: nothing listens there".to_owned(),
        io::ErrorKind::ConnectionReset => "it reset the connection".to_owned(),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => format!("no way there: {error}"),
        _ => error.to_string(),
    }
}
