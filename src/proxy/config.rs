//! What a proxy is told to do.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::choice::Choice;
use super::tls::Trust;
use crate::engine::Injury;

/// What a proxy is told to do.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: Vec<SocketAddr>,
    /// Where sessions go.
    pub mode: Mode,
    /// Whom to trust as a server inside TLS.
    pub trust: Trust,
    /// Sessions at the same time; more are refused.
    pub max_sessions: usize,
    /// How long connecting to a server may take.
    pub connect_timeout: Duration,
    /// How long a session may carry nothing; `None` for ever.
    pub idle_timeout: Option<Duration>,
    /// How long a connection may wait for its first byte, so that silent ones do not use up the sessions.
    pub silent_timeout: Option<Duration>,
    /// How long sessions may go on after the first signal to stop.
    pub drain: Duration,
    /// Threads that relay; 0 for one per core, four at most.
    pub workers: usize,
    /// Memory for traffic that waits to be decoded or recorded.
    pub tap_bytes: usize,
    /// What to record.
    pub record: Option<Recording>,
    /// Where to answer `/metrics` and `/healthz`.
    pub metrics: Option<SocketAddr>,
    /// The user to become when the ports are bound.
    pub user: Option<String>,
    /// Obey SIGINT, SIGTERM and SIGUSR1.
    pub signals: bool,
    /// Makes the decoder fail, to test that nothing else suffers.
    pub injury: Option<Injury>,
}

/// A recording in pcapng.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The file. Where there are several, its name gets a number or a time before its ending.
    pub path: PathBuf,
    /// Replace a file of this name.
    pub overwrite: bool,
    /// What of the traffic it holds.
    pub keep: Keep,
    /// Record only sessions that are chosen while they go on.
    pub only: Option<Choice>,
    /// What its comment says beside how it was made: what was insecure, what was left out.
    pub remarks: String,
}

/// What of the traffic is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// All, in one file, or in several.
    All {
        /// Begin a new file before one has more bytes than this.
        file_bytes: Option<u64>,
        /// Begin a new file after this time.
        file_time: Option<Duration>,
        /// Delete the oldest file of this run when there are more than this.
        files: Option<usize>,
    },
    /// The last of it in memory, to be written when that is asked for.
    Ring {
        /// How long back.
        time: Duration,
        /// How much at most.
        bytes: usize,
    },
}

/// Where sessions go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// To one server.
    Reverse(Upstream),
    /// To where each client wanted to go, found out from the kernel's REDIRECT rule.
    Redirect,
    /// To where each client wanted to go, and from the client's own address.
    Tproxy,
}

/// A server as the user named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Inside TLS.
    pub tls: bool,
    /// Name or address, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// The rest of the URL, for the URL that encoders get: app and what follows, without the first slash.
    pub path: String,
}

/// Why a text is no upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamError(String);

impl Config {
    /// A reverse proxy on a loopback address with the usual limits.
    pub fn new(listen: SocketAddr, mode: Mode) -> Config {
        Config {
            listen: vec![listen],
            mode,
            trust: Trust::System,
            max_sessions: 4096,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: None,
            silent_timeout: Some(Duration::from_secs(30)),
            drain: Duration::from_secs(10),
            workers: 0,
            tap_bytes: 64 << 20,
            record: None,
            metrics: None,
            user: None,
            signals: false,
            injury: None,
        }
    }
}

impl Config {
    /// What every output has to say of how servers are trusted, if there is anything to say.
    pub fn insecurity(&self) -> Option<String> {
        match &self.mode {
            Mode::Reverse(upstream) if upstream.tls && self.trust == Trust::Anybody => {
                Some(format!("INSECURE: the certificate of {upstream} is not verified"))
            }
            _ => None,
        }
    }
}

impl Upstream {
    /// The URL for an encoder that talks to the proxy instead.
    pub fn encoder_url(&self, listen: SocketAddr) -> String {
        let host = match listen.ip() {
            ip if ip.is_unspecified() => "THIS-MACHINE".to_owned(),
            IpAddr::V6(ip) => format!("[{ip}]"),
            IpAddr::V4(ip) => ip.to_string(),
        };
        let port = if listen.port() == 1935 { String::new() } else { format!(":{}", listen.port()) };
        let app = self.path.split('/').next().filter(|app| !app.is_empty()).unwrap_or("live");
        format!("rtmp://{host}{port}/{app}")
    }
}

impl std::str::FromStr for Upstream {
    type Err = UpstreamError;

    fn from_str(text: &str) -> Result<Upstream, UpstreamError> {
        let wrong = |why: String| Err(UpstreamError(why));
        let (scheme, rest) = text.split_once("://").unwrap_or(("rtmp", text));
        let tls = match scheme {
            "rtmp" => false,
            "rtmps" => true,
            other => return wrong(format!("{other}:// is not relayed; give rtmp://HOST[:PORT][/APP] or rtmps://...")),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = match authority.strip_prefix('[').map(|rest| rest.split_once(']')) {
            Some(Some((host, port))) if host.parse::<Ipv6Addr>().is_ok() => (host, port.strip_prefix(':')),
            Some(_) => return wrong(format!("{authority} is no IPv6 address in brackets")),
            None if authority.matches(':').count() > 1 => {
                return wrong(format!("an IPv6 address needs brackets, as in rtmp://[{authority}]"));
            }
            None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
        };
        if host.is_empty() {
            return wrong(format!("{text} names no host"));
        }
        let port = match port {
            None => {
                if tls {
                    443
                } else {
                    1935
                }
            }
            Some(port) => match port.parse() {
                Ok(port) if port > 0 => port,
                _ => return wrong(format!("{port} is no port")),
            },
        };
        Ok(Upstream { tls, host: host.to_owned(), port, path: path.to_owned() })
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "rtmps" } else { "rtmp" };
        match self.host.contains(':') {
            true => write!(f, "{scheme}://[{}]:{}", self.host, self.port),
            false => write!(f, "{scheme}://{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UpstreamError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, String> {
        text.parse::<Upstream>().map(|u| format!("{u} {}", u.path)).map_err(|e| e.to_string())
    }

    #[test]
    fn upstreams_are_urls() {
        assert_eq!(parsed("rtmp://a.example/live").unwrap(), "rtmp://a.example:1935 live");
        assert_eq!(parsed("rtmps://a.example/live/key").unwrap(), "rtmps://a.example:443 live/key");
        assert_eq!(parsed("192.0.2.1:1936").unwrap(), "rtmp://192.0.2.1:1936 ");
        assert_eq!(parsed("rtmp://[2001:db8::1]:1936/x").unwrap(), "rtmp://[2001:db8::1]:1936 x");
        assert_eq!(parsed("rtmp://user:secret@host/x").unwrap(), "rtmp://host:1935 x");
        for bad in ["http://a", "rtmp://", "rtmp://a:0", "rtmp://a:x", "rtmp://::1/x", "rtmp://[::1/x"] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn encoders_get_the_app_and_not_the_key() {
        let upstream: Upstream = "rtmp://a.example/app/key".parse().unwrap();
        assert_eq!(upstream.encoder_url(([127, 0, 0, 1], 1935).into()), "rtmp://127.0.0.1/app");
        assert_eq!(upstream.encoder_url(([127, 0, 0, 1], 1936).into()), "rtmp://127.0.0.1:1936/app");
        assert_eq!(upstream.encoder_url("[::]:1936".parse().unwrap()), "rtmp://THIS-MACHINE:1936/app");
    }
}
