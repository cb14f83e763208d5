//! Kinds of devices, as far as they are noted.

/// What kind of device opened a link: enough for "is that my customer?", too little to follow anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Device {
    /// A telephone.
    Phone,
    /// A tablet.
    Tablet,
    /// A desktop or laptop computer.
    Computer,
    /// A terminal client or another program.
    Terminal,
    /// It did not say.
    Unknown,
}
