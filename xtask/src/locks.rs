//! The committed lock files say exactly what would be built, and name no host to fetch it from.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::{Workspace, capture};

/// The kinds of dependencies that `package.json` and its lock file both list.
const KINDS: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];

/// Checks `Cargo.lock` and the `package-lock.json` of each folder that has one.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut metadata = workspace.command("cargo");
    metadata.args(["metadata", "--locked", "--format-version=1"]);
    capture(&mut metadata).context("Cargo.lock is stale")?;
    for folder in [workspace.web(), workspace.clients()] {
        check_folder(&folder)?;
    }
    Ok(())
}

fn check_folder(folder: &Path) -> Result<()> {
    let read = |name: &str| -> Result<Value> {
        let path = folder.join(name);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{name} is not JSON"))
    };
    check_web(&read("package.json")?, &read("package-lock.json")?)
}

fn check_web(manifest: &Value, lock: &Value) -> Result<()> {
    let packages = lock["packages"]
        .as_object()
        .context("package-lock.json lists no packages")?;
    let root = packages
        .get("")
        .context("package-lock.json has no root package")?;
    for kind in KINDS {
        let (wanted, locked) = (entries(&manifest[kind]), entries(&root[kind]));
        if wanted != locked {
            bail!("package-lock.json is stale: its {kind} are not those of package.json");
        }
    }
    for (name, package) in packages {
        if package.get("resolved").is_some_and(|from| !from.is_null()) && package["link"] != true {
            bail!("package-lock.json names a host for {name}: set omit-lockfile-registry-resolved");
        }
        let is_ours = name.is_empty() || package["link"] == true;
        if !is_ours && package["integrity"].as_str().is_none() && package["inBundle"] != true {
            bail!("package-lock.json has no checksum for {name}");
        }
    }
    Ok(())
}

/// The object's entries in order; none where it is missing.
fn entries(object: &Value) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = object.as_object().into_iter().flatten().collect();
    entries.sort_by_key(|(name, _)| *name);
    entries
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn complaint(manifest: &Value, lock: &Value) -> String {
        check_web(manifest, lock).unwrap_err().to_string()
    }

    #[test]
    fn fresh_stale_hosted_and_unchecked() {
        let manifest = json!({ "dependencies": { "preact": "11.2.0" } });
        let lock = |version: &str, preact: Value| {
            let root = json!({ "dependencies": { "preact": version } });
            json!({ "packages": { "": root, "node_modules/preact": preact } })
        };
        let sound = json!({ "version": "11.2.0", "integrity": "sha512-AA==" });
        check_web(&manifest, &lock("11.2.0", sound.clone())).unwrap();
        assert!(complaint(&manifest, &lock("11.1.0", sound)).contains("stale"));
        let hosted =
            json!({ "integrity": "sha512-AA==", "resolved": "https://host.example/p.tgz" });
        assert!(complaint(&manifest, &lock("11.2.0", hosted)).contains("names a host"));
        let unchecked = json!({ "version": "11.2.0" });
        assert!(complaint(&manifest, &lock("11.2.0", unchecked)).contains("no checksum"));
    }
}
