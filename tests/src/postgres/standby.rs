//! A standby of another server, and its promotion.

use super::{Server, program, server_folder};

impl Server {
    /// Starts a readable standby of this server.
    pub fn standby(&self) -> Self {
        let mut standby = self.copied(&["-X", "stream", "-R"]);
        standby.run();
        standby
    }

    /// Returns a stopped copy of this server, made while it runs.
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

    /// Promotes a standby, and returns once it accepts writes.
    pub fn promote(&self) {
        let mut promote = program("pg_ctl");
        promote.args(["promote", "-w", "-D"]).arg(self.folder.join("data"));
        let promoted = promote.output().unwrap();
        assert!(promoted.status.success(), "{}", String::from_utf8_lossy(&promoted.stderr));
    }

    /// Returns the URL of a database that is on this server or, after a failover, on the other.
    pub fn or(&self, other: &Self, url: &str) -> String {
        let (here, both) = (
            format!("127.0.0.1:{}", self.port),
            format!("127.0.0.1:{},127.0.0.1:{}", self.port, other.port),
        );
        format!("{}?target_session_attrs=read-write", url.replace(&here, &both))
    }

    /// Returns the URL of this server's database on its copy.
    pub fn url_at(&self, other: &Self, url: &str) -> String {
        url.replace(&format!(":{}/", self.port), &format!(":{}/", other.port))
    }
}
