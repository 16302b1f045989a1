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
-- rounded(n)           BIGINT; a DECIMAL(24, 6) to the nearest whole
--
-- A macro whose name ends in _by_rule says in full how a text is read. The macro without that ending
-- gives the same for every text, and asks the rule only where the text is not in its usual form: the
-- rules cost up to a microsecond a value, mostly for casts that fail and for regular expressions.
-- Values that a Parquet file holds as BIGINT, TIMESTAMP or BOOLEAN pass through as they are; the binder
-- knows typeof(t), so nothing of the other branches is left in the query.

create macro is_plain_number(t) as cast(try_cast(t as bigint) as varchar) = cast(t as varchar);

create macro below_18_digits(n) as
  case when n between -999999999999999999 and 999999999999999999 then n end;

create macro whole_number_by_rule(t) as
  case
    when regexp_full_match(trim(cast(t as varchar)), '[+-]?[0-9]{1,18}(\.(0{0,2}|0{4,}))?')
      then try_cast(split_part(trim(cast(t as varchar)), '.', 1) as bigint)
  end;

create macro whole_number(t) as
  case
    when typeof(t) = 'BIGINT' then below_18_digits(try_cast(t as bigint))
    when is_plain_number(t) then below_18_digits(try_cast(t as bigint))
    else whole_number_by_rule(t)
  end;

create macro count_problem(t, n) as
  case
    when t is null or n between 0 and 999999999999999 then null
    when not regexp_full_match(trim(cast(t as varchar)), '[+-]?[0-9]+(\.(0{0,2}|0{4,}))?') then 'not_a_whole_number'
    when starts_with(trim(cast(t as varchar)), '-') then 'negative'
    else 'too_large'
  end;

create macro decimal_problem(t, n) as
  case
    when t is null or (n >= 0 and n < 1000000000000000) then null
    when n < 0 then 'negative'
    when n is null and not regexp_full_match(trim(cast(t as varchar)), '[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?') then 'not_a_number'
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

create macro moment_by_rule(t) as
  plausible_moment(
    case
      when t is null then null
      when try_cast(t as decimal(30, 6)) between 0 and 9000000000000000000
        then unix_moment(try_cast(t as decimal(30, 6)))
      when left(t, 1) between '0' and '9' then cast(try_cast(t as timestamptz) as timestamp)
      else try_strptime(t, '%a, %d %b %Y %H:%M:%S GMT')
    end
  );

create macro is_moment_without_offset(t) as
  regexp_full_match(t, '\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?Z?');

-- From 2001 to 2098 a time is plausible whatever its offset, so its size need not be looked at (a macro
-- that names its argument three times works it out three times). The cast to timestamp drops an offset, so
-- it may only see a text that has none but Z; it is twice as fast as the one that reads offsets.
create macro moment(t) as
  case
    when typeof(t) = 'TIMESTAMP' then plausible_moment(try_cast(t as timestamp))
    when cast(t as varchar) >= '2001' and cast(t as varchar) < '2099' and substr(cast(t as varchar), 5, 1) = '-'
      then case
        when is_moment_without_offset(cast(t as varchar)) then try_cast(t as timestamp)
        else cast(try_cast(t as timestamptz) as timestamp)
      end
    when is_plain_number(t) and try_cast(t as bigint) between 978307200 and 4070908799
      then make_timestamp(try_cast(t as bigint) * 1000000)
    when is_plain_number(t) and try_cast(t as bigint) between 978307200000 and 4070908799999
      then make_timestamp(try_cast(t as bigint) * 1000)
    else moment_by_rule(cast(t as varchar))
  end;

create macro flag_by_rule(t) as
  case
    when lower(trim(t)) in ('true', 't', 'yes', 'y', '1') then true
    when lower(trim(t)) in ('false', 'f', 'no', 'n', '0') then false
  end;

create macro flag(t) as
  case
    when typeof(t) = 'BOOLEAN' then try_cast(t as boolean)
    when t is null then null
    when cast(t as varchar) = 'true' then true
    when cast(t as varchar) = 'false' then false
    else flag_by_rule(cast(t as varchar))
  end;

create macro label_by_rule(t) as
  case
    when t is null then null
    when left(t, 1) in ('{', '[') and json_valid(t) then null
    else nullif(trim(
      case when regexp_matches(t, '[[:cntrl:]]|\s\s') then regexp_replace(t, '[[:cntrl:]\s]+', ' ', 'g') else t end
    ), '')
  end;

create macro label(t) as
  case
    when regexp_full_match(t, '[!-Z\\\]-z|}~][!-~]*( [!-~]+)*') then t
    else label_by_rule(t)
  end;

create macro rounded(n) as
  case
    -- eighteen digits are rounded in one machine word
    when n between 0 and 999999999 then cast(cast(n as decimal(18, 6)) as bigint)
    else cast(round(n) as bigint)
  end;

create macro json_list(t) as
  case when json_valid(t) then case when json_type(t) = 'ARRAY' then t end end;

create macro host_of(url) as
  nullif(lower(regexp_extract(url, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/@?#]*@)?([A-Za-z0-9.-]+)', 1)), '');

create macro is_opaque(t) as
  regexp_full_match(
    t, '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-f]{16,64}|[a-z]{1,12}[_-][A-Za-z0-9]{16,64}'
  ) and regexp_matches(t, '[0-9]') and regexp_matches(t, '[A-Za-z]');

create macro session_key(t) as
  case
    when t is null or t = '' or (starts_with(t, ' ') and trim(t) = '') then null
    -- the shortest text of an opaque form has 16 characters
    when strlen(t) >= 16 and is_opaque(t) then t
    else 'h-' || left(sha256(t), 24)
  end;
