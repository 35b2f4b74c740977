#[cfg(feature = "prices")]
async fn price<T: Item, const N: usize>(
    self: Arc<Self>,
    item: T,
    note: Option<&str>,
) -> Option<u64>
where
    T: Clone,
{
    let __missed = match ::nebula_memory::__private::cached::look::<
        ::nebula_memory::__private::cached::OnlySome,
        Option<u64>,
        _,
        _,
    >(
        Self::prices::<T, N>(),
        (
            ::nebula_memory::__private::cached::lent(&*self),
            ::nebula_memory::__private::cached::lent(&item),
            ::nebula_memory::__private::cached::maybe_lent(note),
        ),
    ) {
        ::nebula_memory::__private::cached::Result::Ok(__found) => return __found,
        ::nebula_memory::__private::cached::Result::Err(__missed) => __missed,
    };
    let __note = ::nebula_memory::__private::cached::Option::map(
        note,
        ::nebula_memory::__private::cached::ToOwned::to_owned,
    );
    ::nebula_memory::__private::cached::fly_async::<
        ::nebula_memory::__private::cached::OnlySome,
        Option<u64>,
        _,
        _,
        _,
    >(
            __missed,
            async move {
                if false {
                    return ::nebula_memory::__private::cached::nothing::<Option<u64>>();
                }
                #[allow(
                    clippy::no_effect_underscore_binding,
                    clippy::shadow_reuse,
                    clippy::shadow_same,
                    clippy::shadow_unrelated,
                    clippy::used_underscore_binding,
                )]
                let note: ::nebula_memory::__private::cached::Option<&str> = ::nebula_memory::__private::cached::Option::map(
                    ::nebula_memory::__private::cached::Option::as_ref(&__note),
                    ::nebula_memory::__private::cached::Borrow::borrow,
                );
                self.ask(item).await
            },
        )
        .await
}
#[cfg(feature = "prices")]
/// The cache of [`price`](Self::price).
fn prices<T: Item, const N: usize>() -> &'static ::nebula_memory::__private::cached::AsyncDeduplicated<
    (
        Self,
        T,
        ::nebula_memory::__private::cached::Option<
            <str as ::nebula_memory::__private::cached::ToOwned>::Owned,
        >,
    ),
    <::nebula_memory::__private::cached::OnlySome as ::nebula_memory::__private::cached::Keep<
        Option<u64>,
    >>::Kept,
    ::nebula_memory::__private::cached::SharedCache<
        (
            Self,
            T,
            ::nebula_memory::__private::cached::Option<
                <str as ::nebula_memory::__private::cached::ToOwned>::Owned,
            >,
        ),
        <::nebula_memory::__private::cached::OnlySome as ::nebula_memory::__private::cached::Keep<
            Option<u64>,
        >>::Kept,
        ::nebula_memory::__private::cached::Tti<
            ::nebula_memory::__private::cached::Elastic,
        >,
        ::nebula_memory::__private::cached::DefaultHashBuilder,
        fn(
            &(
                Self,
                T,
                ::nebula_memory::__private::cached::Option<
                    <str as ::nebula_memory::__private::cached::ToOwned>::Owned,
                >,
            ),
            &<::nebula_memory::__private::cached::OnlySome as ::nebula_memory::__private::cached::Keep<
                Option<u64>,
            >>::Kept,
        ) -> ::nebula_memory::__private::cached::primitive::u32,
        ::nebula_memory::__private::cached::Counted<
            ::nebula_memory::__private::cached::NoListener,
        >,
    >,
>
where
    T: Clone,
{
    {
        let __build: fn() -> _ = || ::nebula_memory::__private::cached::async_deduplicated(
            ::nebula_memory::__private::cached::shared(
                ::nebula_memory::__private::cached::CacheBuilder::new()
                    .capacity(::nebula_memory::__private::cached::CAPACITY)
                    .policy(
                        ::nebula_memory::__private::cached::Tti::new(
                            <::nebula_memory::__private::cached::Elastic as ::nebula_memory::__private::cached::Default>::default(),
                            LIFE,
                        ),
                    )
                    .weigher({
                        let __weigh: fn(
                            &(
                                Self,
                                T,
                                ::nebula_memory::__private::cached::Option<
                                    <str as ::nebula_memory::__private::cached::ToOwned>::Owned,
                                >,
                            ),
                            &<::nebula_memory::__private::cached::OnlySome as ::nebula_memory::__private::cached::Keep<
                                Option<u64>,
                            >>::Kept,
                        ) -> ::nebula_memory::__private::cached::primitive::u32 = |_, _| {
                            1
                        };
                        __weigh
                    })
                    .counted(),
            ),
        );
        {
            static CACHES: ::nebula_memory::__private::cached::Caches = ::nebula_memory::__private::cached::Caches::none();
            CACHES.of(|| (), __build)
        }
    }
}
