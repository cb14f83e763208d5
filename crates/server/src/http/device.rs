//! What kind of device a request comes from, as coarsely as it can be said.

use http::{HeaderMap, header};
use wicketgate_domain::device::Device;

/// Reads the kind of device from `User-Agent`.
pub(crate) fn of(headers: &HeaderMap) -> Device {
    let Some(Ok(agent)) = headers.get(header::USER_AGENT).map(|value| value.to_str()) else {
        return Device::Unknown;
    };
    let has = |word: &str| agent.contains(word);
    if agent.starts_with("wicketgate/") || agent.starts_with("curl/") {
        Device::Terminal
    } else if has("iPad") || has("Tablet") || (has("Android") && !has("Mobile")) {
        Device::Tablet
    } else if has("iPhone") || has("Mobile") {
        Device::Phone
    } else if has("Windows") || has("Macintosh") || has("X11") || has("CrOS") || has("Linux") {
        Device::Computer
    } else {
        Device::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_devices_are_told_apart() {
        for (agent, device) in [
            ("wicketgate/0.1.0", Device::Terminal),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/131.0.0.0 Mobile Safari/537.36",
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; SM-X910) Chrome/131.0.0.0 Safari/537.36",
                Device::Tablet,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0 Safari/537.36",
                Device::Computer,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/133.0",
                Device::Computer,
            ),
            ("python-requests/2.32", Device::Unknown),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().unwrap());
            assert_eq!(of(&headers), device, "{agent}");
        }
        assert_eq!(of(&HeaderMap::new()), Device::Unknown);
    }
}
