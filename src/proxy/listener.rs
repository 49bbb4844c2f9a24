//! Listening sockets, and who has a port that is taken.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::config::Mode;
use super::notice::Trouble;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// Binds all addresses, or none.
pub(super) fn bind(addresses: &[SocketAddr], mode: &Mode) -> Result<Vec<TcpListener>, Trouble> {
    let bound = |address: &SocketAddr| {
        listen(*address, mode).map_err(|error| {
            let holder = (error.kind() == io::ErrorKind::AddrInUse).then(|| holder(address.port())).flatten();
            Trouble::Listen { address: *address, error, holder }
        })
    };
    addresses.iter().map(bound).collect()
}

fn listen(address: SocketAddr, mode: &Mode) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A connection of an earlier run that is still in TIME-WAIT must not keep the port.
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    if *mode == Mode::Tproxy {
        transparent(&socket, address)?;
    }
    socket.bind(&SockAddr::from(address))?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// Lets a socket have addresses that are not of this machine.
pub(super) fn transparent(socket: &Socket, address: SocketAddr) -> io::Result<()> {
    match address {
        SocketAddr::V4(_) => socket.set_ip_transparent_v4(true),
        SocketAddr::V6(_) => socket.set_ip_transparent_v6(true),
    }
}

/// The program that listens on a port, as far as this user may know.
fn holder(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .find_map(|table| listening_inode(&table, port).map(str::to_owned))?;
    let socket = format!("socket:[{inode}]");
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let name = process.file_name();
        let Some(pid) = name.to_str().filter(|name| name.bytes().all(|b| b.is_ascii_digit())) else { continue };
        let Ok(open) = fs::read_dir(process.path().join("fd")) else { continue };
        let holds = |fd: fs::DirEntry| fs::read_link(fd.path()).is_ok_and(|to| to.as_os_str() == socket.as_str());
        if open.flatten().any(holds) {
            let command = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (pid {pid})", command.trim()));
        }
    }
    None
}

/// The inode of the socket that listens on a port, from a table of the kernel's.
fn listening_inode(table: &str, port: u16) -> Option<&str> {
    const LISTEN: &str = "0A";
    table.lines().skip(1).find_map(|line| {
        let mut columns = line.split_whitespace().skip(1);
        let local = columns.next()?;
        let state = columns.nth(1)?;
        let inode = columns.nth(5)?;
        let (_, hex) = local.rsplit_once(':')?;
        (state == LISTEN && u16::from_str_radix(hex, 16) == Ok(port)).then_some(inode)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_of_a_port_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let mode = Mode::Reverse("rtmp://127.0.0.1:1".parse().unwrap());
        let trouble = bind(&[address], &mode).unwrap_err().to_string();
        assert!(trouble.contains("in use by "), "{trouble}");
        assert!(trouble.contains(&format!("(pid {})", std::process::id())), "{trouble}");
        assert!(trouble.contains(&format!("--listen 127.0.0.1:{}", address.port().wrapping_add(1))), "{trouble}");
    }
}
