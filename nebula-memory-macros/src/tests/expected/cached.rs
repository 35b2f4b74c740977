/// Docs.
pub(crate) fn price(item: &str, region: u32) -> Result<u64, Error> {
    #![allow(unused)]
    let __missed = match ::nebula_memory::__private::cached::look_own::<
        ::nebula_memory::__private::cached::OnlyOk,
        Result<u64, Error>,
        _,
        _,
        _,
        _,
    >(
        {
            static CACHES: ::nebula_memory::__private::cached::Caches = ::nebula_memory::__private::cached::Caches::none();
            &CACHES
        },
        || (),
        (
            ::nebula_memory::__private::cached::lent(item),
            ::nebula_memory::__private::cached::lent(&region),
        ),
        || {
            ::nebula_memory::__private::cached::CacheBuilder::new()
                .capacity(::nebula_memory::__private::cached::capacity(10_000))
                .policy(
                    ::nebula_memory::__private::cached::Ttl::new(
                        <::nebula_memory::__private::cached::Lru as ::nebula_memory::__private::cached::Default>::default(),
                        ::nebula_memory::__private::cached::Duration::new(300u64, 0u32),
                    ),
                )
        },
    ) {
        ::nebula_memory::__private::cached::Result::Ok(__found) => return __found,
        ::nebula_memory::__private::cached::Result::Err(__missed) => __missed,
    };
    ::nebula_memory::__private::cached::keep::<
        ::nebula_memory::__private::cached::OnlyOk,
        Result<u64, Error>,
        _,
        _,
        _,
    >(__missed, move || -> Result<u64, Error> { Ok(ask(item)?.times(region)) })
}
