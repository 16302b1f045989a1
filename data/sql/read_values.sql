-- Macros that read one logged text value; NULL in, NULL out; a value that cannot be read is NULL.
--
-- whole_number(t)      BIGINT below 10^18, so that a few can be added; `12`, `-3` and `12.0`, never rounded.
--                      Not `12.000`, which is twelve thousand where the point groups digits
-- count_problem(t, n)  why t, read as n, is no count: a reject code, or NULL when it is one
-- decimal_problem(t, n)  the same for a number that may have decimals
-- amount_problem(t, n)   the same for money, which may be negative
-- moment(t)            TIMESTAMP in UTC: ISO 8601 with or without offset (without means UTC), an HTTP
--                      date, or Unix seconds, milliseconds, microseconds or nanoseconds by size;
--                      only from 2000 to 2099
-- flag(t)              BOOLEAN
-- label(t)             a name made fit to show: control characters and runs of blanks become one blank;
--                      a JSON object or list is no name
-- json_list(t)         the text itself where it is a JSON list
-- host_of(url)         the host, lower case
-- session_key(t)       the key itself when it is plainly opaque (a UUID, long hexadecimal, or a prefix and
--                      a long random part), else a hash: names, addresses and numbers of people stay out

create macro whole_number(t) as
  case
    when cast(try_cast(t as bigint) as varchar) = t
      then case
        when try_cast(t as bigint) between -999999999999999999 and 999999999999999999 then try_cast(t as bigint)
      end
    when regexp_full_match(trim(t), '[+-]?[0-9]{1,18}(\.(0{0,2}|0{4,}))?') then try_cast(split_part(trim(t), '.', 1) as bigint)
  end;

create macro count_problem(t, n) as
  case
    when t is null or n between 0 and 999999999999999 then null
    when not regexp_full_match(trim(t), '[+-]?[0-9]+(\.(0{0,2}|0{4,}))?') then 'not_a_whole_number'
    when starts_with(trim(t), '-') then 'negative'
    else 'too_large'
  end;

create macro decimal_problem(t, n) as
  case
    when t is null or (n >= 0 and n < 1000000000000000) then null
    when n < 0 then 'negative'
    when n is null and not regexp_full_match(trim(t), '[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?') then 'not_a_number'
    else 'too_large'
  end;

create macro amount_problem(t, n) as
  case
    when t is null or n is not null then null
    when not regexp_full_match(trim(t), '[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?') then 'not_a_number'
    else 'amount_too_large'
  end;

create macro unix_moment(x) as
  case
    when x is null then null
    when x < 100000000000 then make_timestamp(cast(x * 1000000 as bigint))
    when x < 100000000000000 then make_timestamp(cast(x * 1000 as bigint))
    when x < 100000000000000000 then make_timestamp(cast(floor(x) as bigint))
    else make_timestamp(cast(floor(x) as bigint) // 1000)
  end;

create macro plausible_moment(m) as
  case when m >= timestamp '2000-01-01' and m < timestamp '2100-01-01' then m end;

create macro moment(t) as
  plausible_moment(
    case
      when t is null then null
      when try_cast(t as decimal(30, 6)) between 0 and 9000000000000000000
        then unix_moment(try_cast(t as decimal(30, 6)))
      when left(t, 1) between '0' and '9' then cast(try_cast(t as timestamptz) as timestamp)
      else try_strptime(t, '%a, %d %b %Y %H:%M:%S GMT')
    end
  );

create macro flag(t) as
  case
    when lower(trim(t)) in ('true', 't', 'yes', 'y', '1') then true
    when lower(trim(t)) in ('false', 'f', 'no', 'n', '0') then false
  end;

create macro label(t) as
  case
    when t is null then null
    when left(t, 1) in ('{', '[') and json_valid(t) then null
    else nullif(trim(
      case when regexp_matches(t, '[[:cntrl:]]|\s\s') then regexp_replace(t, '[[:cntrl:]\s]+', ' ', 'g') else t end
    ), '')
  end;

create macro json_list(t) as
  case when json_valid(t) then case when json_type(t) = 'ARRAY' then t end end;

create macro host_of(url) as
  nullif(lower(regexp_extract(url, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/@?#]*@)?([A-Za-z0-9.-]+)', 1)), '');

create macro session_key(t) as
  case
    when t is null or trim(t) = '' then null
    when regexp_full_match(
      t, '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-f]{16,64}|[a-z]{1,12}[_-][A-Za-z0-9]{16,64}'
    ) and regexp_matches(t, '[0-9]') and regexp_matches(t, '[A-Za-z]') then t
    else 'h-' || left(sha256(t), 24)
  end;
