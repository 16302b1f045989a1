-- Macros that keep of a call the few plain values a workload rule may look at (data/attributes.py).
--
-- Only what looks like a name survives: a value that is long, has control characters, is JSON, is as
-- long as a sentence or looks like a secret is dropped, because any field of a log may hold prompt
-- text or a key. What looks like an e-mail address is kept as a hash, so that it can still be told
-- from others.
--
-- attribute_value(t)       the value, its hash, or NULL
-- named_attribute(n, t)    a list of one attribute, NULL when t is NULL
-- tag_attributes(t)        a JSON list of texts as attributes named `tag`, in order
-- metadata_attributes(t)   a JSON object as attributes named `metadata.<key>`, by key; keys that hold
--                          texts, people or single requests are left out. Like tags, what is longer than 64
--                          KiB is not looked at: nobody names things so, and it would fill the memory
-- endpoint_path(t)         the path of a URL, without host and query
-- agent_product(t)         the product of a user agent, without the platform in brackets
-- attribute_set(list)      the attributes that survive as JSON text, NULL when none does
-- attribute_text(n, t)     one attribute as the text of a JSON object, NULL when it does not survive
-- attribute_texts(t)       such texts, with commas between, as attribute_set gives them

create macro holds_secret(t) as
  regexp_matches(t, '\b(sk|rk|pk|gsk|xai|ghp|xox[a-z]|AIza|AKIA)[-_A-Za-z0-9]{16,}');

create macro is_plain_name(t) as
  strlen(t) <= 100 and regexp_full_match(t, '[A-Za-z0-9_./:()+#=,-]+');

create macro attribute_value_by_rule(t) as
  case
    when t is null or length(t) > 100 then null
    when regexp_matches(t, '[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]') then null
    when left(trim(t), 1) in ('{', '[') and json_valid(t) then null
    when regexp_matches(trim(t), '(\S+\s+){6}\S') then null
    when holds_secret(t) then null
    when regexp_matches(t, '[^@\s]+@[^@\s]+\.[^@\s]+') then 'h-' || left(sha256(lower(trim(t))), 24)
    else nullif(trim(t), '')
  end;

-- The same for every text; a plain name can be none of what the rule looks for but, where it is long, a secret.
create macro attribute_value(t) as
  case
    when t is null then null
    when is_plain_name(t) and (strlen(t) < 18 or not holds_secret(t)) then t
    else attribute_value_by_rule(t)
  end;

create macro named_attribute(n, t) as
  case when t is not null then [{'name': n, 'value': t}] end;

create macro tag_attributes(t) as
  case
    when length(t) <= 65536 and left(trim(t), 1) = '[' and json_valid(t)
      then list_transform(from_json(t, '["VARCHAR"]')[:20], lambda v: {'name': 'tag', 'value': v})
  end;

create macro metadata_attributes(t) as
  case
    when length(t) <= 65536 and left(trim(t), 1) = '{' and json_valid(t)
      then list_transform(
        list_sort(list_distinct(list_filter(
          json_keys(t),
          lambda k: regexp_full_match(k, '[A-Za-z_][A-Za-z0-9_.-]{0,59}')
            and not regexp_full_match(
              lower(k),
              '.*(prompt|message|content|text|question|answer|query|instruction|system|input|output|completion|response|error|exception|traceback|email|phone|password|secret|token).*|user|user_?name|end_user|(.*[._-])?(user|customer|session|conversation|thread|trace|request|span|run|call|message)[._-]?id|session|conversation|id|uuid'
            )
        )))[:32],
        lambda k: {'name': 'metadata.' || k, 'value': json_extract_string(t, '$."' || k || '"')}
      )
  end;

create macro endpoint_path(t) as
  nullif(regexp_replace(regexp_replace(trim(t), '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*', ''), '[?#].*$', ''), '');

create macro agent_product(t) as
  nullif(trim(split_part(t, '(', 1)), '');

create macro attribute_set(attributes) as
  case
    when len(attributes) > 0
      then nullif(
        cast(to_json(list_filter(
          list_transform(attributes, lambda a: {'name': a.name, 'value': attribute_value(a.value)}),
          lambda a: a.value is not null
        )[:48]) as varchar),
        '[]'
      )
  end;

create macro attribute_text(n, t) as
  case
    when t is null then null
    -- nothing in a plain name needs an escape
    when is_plain_name(t) and (strlen(t) < 18 or not holds_secret(t)) then '{"name":"' || n || '","value":"' || t || '"}'
    else '{"name":"' || n || '","value":' || cast(to_json(attribute_value_by_rule(t)) as varchar) || '}'
  end;

create macro attribute_texts(t) as
  case when t <> '' then '[' || t || ']' end;
