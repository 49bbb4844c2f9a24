//! Becoming another user once the ports are bound.

use nix::unistd::{Gid, Uid, User, geteuid, initgroups, setgid, setuid};

/// Becomes a user for good, with the user's groups and no others.
pub(super) fn become_user(name: &str) -> Result<(), String> {
    let failed = |error| format!("cannot become user {name}: {error}");
    if !geteuid().is_root() {
        return Err(format!("only root can become user {name}"));
    }
    let user = User::from_name(name).map_err(failed)?.ok_or_else(|| format!("there is no user {name}"))?;
    let c_name = std::ffi::CString::new(name).map_err(|_| format!("there is no user {name}"))?;
    initgroups(&c_name, user.gid).map_err(failed)?;
    setgid(user.gid).map_err(failed)?;
    setuid(user.uid).map_err(failed)?;
    // What can be taken back was not given up.
    let back = !user.uid.is_root() && (setuid(Uid::from_raw(0)).is_ok() || setgid(Gid::from_raw(0)).is_ok());
    if back { Err(format!("could not give up being root for {name}")) } else { Ok(()) }
}
