//! Regions, each under two names.

use std::fmt;

use super::parameters::ParameterFault;

/// A region of the service. Prints as its long name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    long: &'static str,
    short: &'static str,
}

/// Long and short names, as the API knew them in 2018.
const REGIONS: [(&str, &str); 19] = [
    ("ap-guangzhou", "gz"),
    ("ap-guangzhou-open", "gzopen"),
    ("ap-shenzhen-fsi", "szjr"),
    ("ap-shanghai", "sh"),
    ("ap-shanghai-fsi", "shjr"),
    ("ap-beijing", "bj"),
    ("ap-chengdu", "cd"),
    ("ap-chongqing", "cq"),
    ("ap-hongkong", "hk"),
    ("ap-singapore", "sg"),
    ("ap-bangkok", "th"),
    ("ap-mumbai", "in"),
    ("ap-seoul", "kr"),
    ("ap-tokyo", "jp"),
    ("na-toronto", "ca"),
    ("na-siliconvalley", "usw"),
    ("na-ashburn", "use"),
    ("eu-frankfurt", "de"),
    ("eu-moscow", "ru"),
];

impl Region {
    /// Guangzhou, the region of the reference's examples.
    pub const GUANGZHOU: Self = Self { long: "ap-guangzhou", short: "gz" };

    /// All regions.
    pub fn all() -> impl Iterator<Item = Self> {
        REGIONS.into_iter().map(|(long, short)| Self { long, short })
    }

    /// By either name, spelled exactly so.
    ///
    /// # Errors
    /// [`ParameterFault::Malformed`].
    pub fn read(name: &str) -> Result<Self, ParameterFault> {
        const EXPECTED: &str = "a region, as in gz or ap-guangzhou";
        let found = Self::all().find(|region| region.long == name || region.short == name);
        found.ok_or_else(|| ParameterFault::malformed(name, EXPECTED))
    }

    /// `ap-guangzhou`.
    pub const fn long(self) -> &'static str {
        self.long
    }

    /// `gz`.
    pub const fn short(self) -> &'static str {
        self.short
    }
}

/// Guangzhou.
impl Default for Region {
    fn default() -> Self {
        Self::GUANGZHOU
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.long)
    }
}
