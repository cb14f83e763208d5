//! The store as a whole.

use super::{NOW, new_partner, partner_id};
use futures_util::FutureExt as _;
use wicketgate_domain::Store;

pub(crate) async fn a_store_is_ready_until_it_is_closed(store: &dyn Store) {
    store.ready().await.unwrap();
    assert!(store.failed().now_or_never().is_none());

    store.close().await;
    store.close().await;
    assert!(store.ready().await.is_err());
    assert!(store.any_partner().await.is_err());
    assert!(store.create_partner(new_partner(1)).await.is_err());
    assert!(
        store
            .links(super::link::every(partner_id(1), NOW))
            .await
            .is_err()
    );
    // To be closed is no failure that a server would have to exit for.
    assert!(store.failed().now_or_never().is_none());
}
