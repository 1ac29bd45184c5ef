//! A server that follows another one, and takes over from it.

use super::{Server, program, server_folder};

impl Server {
    /// Starts a server that follows this one and can be read.
    pub fn standby(&self) -> Self {
        let mut standby = self.copied(&["-X", "stream", "-R"]);
        standby.run();
        standby
    }

    /// Returns a copy of this server, made while it runs, which does not run yet.
    pub fn copied(&self, how: &[&str]) -> Self {
        let folder = server_folder();
        let made = program("pg_basebackup")
            .args(["-d", &self.url("postgres"), "-c", "fast", "--no-sync"])
            .args(how)
            .arg("-D")
            .arg(folder.join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self::at(folder)
    }

    /// Lets a standby take over, and returns once it takes writes.
    pub fn promote(&self) {
        let mut promote = program("pg_ctl");
        promote.args(["promote", "-w", "-D"]).arg(self.folder.join("data"));
        let promoted = promote.output().unwrap();
        assert!(promoted.status.success(), "{}", String::from_utf8_lossy(&promoted.stderr));
    }

    /// Returns the address of a database that is on this server or, when it has taken over, on the other.
    pub fn or(&self, other: &Self, url: &str) -> String {
        let (here, both) = (
            format!("127.0.0.1:{}", self.port),
            format!("127.0.0.1:{},127.0.0.1:{}", self.port, other.port),
        );
        format!("{}?target_session_attrs=read-write", url.replace(&here, &both))
    }

    /// Returns the address of a database of this server's on its copy.
    pub fn url_at(&self, other: &Self, url: &str) -> String {
        url.replace(&format!(":{}/", self.port), &format!(":{}/", other.port))
    }
}
