/// Docs.
pub(crate) fn price(item: &str, region: u32) -> Result<u64, Error> {
    #![allow(unused)]
    let __cache = {
        let __build: fn() -> _ = || ::nebula_memory::__private::cached::shared(
            ::nebula_memory::__private::cached::CacheBuilder::new()
                .capacity(::nebula_memory::__private::cached::capacity(10_000))
                .policy(
                    ::nebula_memory::__private::cached::Ttl::new(
                        <::nebula_memory::__private::cached::Lru as ::nebula_memory::__private::cached::Default>::default(),
                        ::nebula_memory::__private::cached::Duration::new(300u64, 0u32),
                    ),
                ),
        );
        {
            static CACHES: ::nebula_memory::__private::cached::Caches = ::nebula_memory::__private::cached::Caches::new();
            CACHES.of(|| (), __build)
        }
    };
    let __key = match ::nebula_memory::__private::cached::look::<
        ::nebula_memory::__private::cached::OnlyOk,
        Result<u64, Error>,
        _,
        _,
    >(
        __cache,
        (
            ::nebula_memory::__private::cached::lent(item),
            ::nebula_memory::__private::cached::lent(&region),
        ),
    ) {
        ::nebula_memory::__private::cached::Result::Ok(__found) => return __found,
        ::nebula_memory::__private::cached::Result::Err(__key) => __key,
    };
    ::nebula_memory::__private::cached::keep::<
        ::nebula_memory::__private::cached::OnlyOk,
        Result<u64, Error>,
        _,
        _,
        _,
    >(__cache, __key, move || -> Result<u64, Error> { Ok(ask(item)?.times(region)) })
}
