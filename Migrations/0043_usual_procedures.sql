-- What is usually done of which kind of incident: the procedures of the policies, as data. Nothing
-- in the program knows one of them. A later release adds a version; a school puts its own steps and
-- references beside them (school_rule), but keeps what is `kept`: the steps by which somebody
-- outside the school learns of it.
--
-- Written for England, from sources 001 (Appendices G and H), 003 and 004 (sections 7.3, 8, 10 and
-- 11), and, of images that children made of themselves, from the advice of the UK Council for
-- Internet Safety. Where those say "at once" and no time, half an hour is ours, as is every day
-- that is given.

set local role rowan_owner;

create table usual_procedure (
    code         text not null,
    version      integer not null,
    place        integer not null,
    title        text not null,
    source       text not null,
    jurisdiction text not null,
    content      jsonb not null,
    primary key (code, version)
);

-- Which procedures belong to which type of incident: those `attached` of themselves, those of which
-- triage must `choose` one or more, because the type does not say which, and those `offered`.
create table usual_procedure_map (
    type     text not null,
    version  integer not null,
    attached text[] not null default '{}',
    choose   text[] not null default '{}',
    offered  text[] not null default '{}',
    primary key (type, version)
);

grant select on usual_procedure, usual_procedure_map to rowan_service, rowan_maintenance;


-- The words in which they are written down below; they are gone at the end of this file.

create function a_step(
    code text, actor text, words text, need text, question text, within text, after text,
    record text, asks jsonb, tells text, required_by text[], kept boolean, by_post boolean
) returns jsonb
language sql immutable
return jsonb_strip_nulls(jsonb_build_object(
    'code', code, 'actor', actor, 'words', words, 'need', need, 'question', question,
    'within', case when within is not null then jsonb_build_object(
        'amount', split_part(within, ' ', 1)::integer,
        'unit', case
            when within ~ 'minutes?$' then 'minutes'
            when within ~ 'hours?$' then 'hours'
            else 'school_days'
        end) end,
    'after', after, 'record', record, 'asks_for', asks, 'tells', tells,
    'required_by', to_jsonb(required_by), 'is_kept', case when kept then true end,
    'is_by_post', case when by_post then true end));

-- What has to be done.
create function must(
    code text, actor text, words text, within text default null, after text default null,
    record text default null, asks jsonb default null, tells text default null,
    kept boolean default false, by_post boolean default false
) returns jsonb
language sql immutable
return a_step(code, actor, words, 'mandatory', null, within, after, record, asks, tells, null,
    kept, by_post);

-- What has to be done where the answer to a question is yes; the question is always to be answered.
create function where_so(
    code text, actor text, question text, words text, within text default null,
    after text default null, record text default null, asks jsonb default null,
    tells text default null, required_by text[] default null, kept boolean default false,
    by_post boolean default false
) returns jsonb
language sql immutable
return a_step(code, actor, words, 'conditional', question, within, after, record, asks, tells,
    required_by, kept, by_post);

-- A question of itself, of which a yes makes another step one that has to be done.
create function asked(code text, actor text, question text, within text) returns jsonb
language sql immutable
return a_step(code, actor, question, 'question', question, within, null, null, null, null, null,
    false, false);

-- A contact with one of some agencies, as the record has it, by one of some routes if any are named.
create function contact(agencies text[], routes text[] default null) returns jsonb
language sql immutable
return jsonb_build_array(jsonb_build_object(
    'part', 'referral', 'fields',
    jsonb_build_array(jsonb_build_object('field', 'agency', 'one_of', agencies))
        || case
            when routes is not null
                then jsonb_build_array(jsonb_build_object('field', 'route', 'one_of', routes))
            else '[]'
        end));

-- Any part of a kind.
create function part_of_record(kind text) returns jsonb
language sql immutable
return jsonb_build_array(jsonb_build_object('part', kind));

-- A meeting in which all of these points were covered; the second one of two, if so many are named.
create function meeting_covering(points text[], times integer default null) returns jsonb
language sql immutable
return jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
    'part', 'case_meeting', 'times', times, 'fields',
    jsonb_build_array(jsonb_build_object('field', 'covered', 'all_of', points)))));

-- Something that was done with a device.
create function device(deeds text[]) returns jsonb
language sql immutable
return jsonb_build_array(jsonb_build_object(
    'part', 'device_action', 'fields',
    jsonb_build_array(jsonb_build_object('field', 'what', 'one_of', deeds))));

-- On what a procedure relies; what has no year and no link is the school's, and it says them.
create function relies_on(title text, year integer default null, link text default null)
returns jsonb
language sql immutable
return jsonb_strip_nulls(jsonb_build_object('title', title, 'year', year, 'link', link));

create function usually(
    code text, source text, title text, steps jsonb[], references_of jsonb[],
    led_by text[] default null, with_it text[] default null, raises boolean default false
) returns void
language sql
begin atomic
    insert into usual_procedure (code, version, place, title, source, jurisdiction, content)
    select usually.code, 1, (select count(*) + 1 from usual_procedure), usually.title,
        usually.source, 'england',
        jsonb_strip_nulls(jsonb_build_object(
            'steps', to_jsonb(steps), 'references', to_jsonb(references_of),
            'led_by', to_jsonb(led_by), 'with', to_jsonb(with_it),
            'is_of_imagery', case when raises then true end));
end;


-- PRC-04. Source 001, Appendices F and G; source 004, 11.5.
select usually('cyberbullying', 'PRC-04', 'Online bullying',
    array[
        must('no_reply', 'staff', 'Nobody replies to whoever sent or posted it.', '30 minutes',
            record => 'Who was told not to reply'),
        where_so('blocked', 'staff', 'Can whoever sent it be blocked?',
            'The sender is blocked, and the site told of the abuse.', '1 school day'),
        must('reported', 'staff',
            'It is told at once: by a pupil to a member of staff, by staff to somebody senior.',
            '30 minutes', record => 'Who told whom, and when'),
        must('evidence_kept', 'staff',
            'What there is is saved with its time and date, goes to nobody, and can be shown.',
            '1 school day', asks => part_of_record('evidence')),
        where_so('indecent_image', 'staff', 'Is there an indecent image of a child among it?',
            'Nobody asks to see it, prints it or sends it on: it is told to the police at once.',
            '30 minutes', asks => contact('{police}'), kept => true),
        where_so('staff_were_shown', 'staff', 'Was a member of staff shown such an image?',
            'They told their line manager or the headteacher at once, and how it came about.',
            '30 minutes', record => 'How it came about, and who was told'),
        must('met', 'senior_leader',
            'Somebody senior meets whoever told of it, and the target if that is somebody else: '
            'listens, reassures, supports, and goes through the facts.',
            '2 school days', asks => part_of_record('case_meeting')),
        must('investigated', 'senior_leader', 'Somebody senior looks into it.', '5 school days',
            asks => part_of_record('findings')),
        where_so('seriousness', 'senior_leader', 'Was somebody found to have done it?',
            'They are told how serious it is.', '2 school days', after => 'investigated',
            record => 'Who was told, and how they took it'),
        where_so('police', 'dsl',
            'Is it threatening, abusive, sexist, sexual, libellous, a hate crime, harassment or '
            'stalking?',
            'The police are told.', '1 school day', asks => contact('{police}'), kept => true),
        where_so('removal', 'senior_leader', 'Is there anything that can be taken down?',
            'Whoever put it there is asked to take it down, now that the evidence is safe.',
            '1 school day', after => 'evidence_kept', record => 'Who was asked, and the answer'),
        where_so('refused', 'senior_leader', 'Did they refuse to take it down?',
            'The sanction is a graver one.', '2 school days', after => 'removal',
            asks => part_of_record('sanction')),
        must('settled', 'senior_leader',
            'It is settled by mediation, by the behaviour or disciplinary policy, or by both.',
            '10 school days', after => 'investigated', record => 'How it was settled')
    ],
    array[
        relies_on('Anti-bullying policy of the school'),
        relies_on('Behaviour policy of the school')
    ]);

-- PRC-05 to PRC-07. Source 001, Appendix H.
select usually('negative_comments', 'PRC-05', 'Negative comments on social media',
    array[
        must('facts', 'senior_leader', 'What is being said is established.', '1 school day',
            record => 'What is said, where, and by whom as far as it is known'),
        must('secured', 'staff', 'The posts are secured and kept, with whatever else there is.',
            '1 school day', asks => part_of_record('evidence')),
        must('no_engagement', 'staff', 'Nobody of the school answers the posts.', '4 hours',
            record => 'Who was told not to'),
        where_so('grave_allegation', 'headteacher',
            'Is something grave alleged of a member of staff or a pupil?',
            'It is formally looked into by the safeguarding procedures; the police may be part of '
            'that.',
            '1 school day', asks => part_of_record('investigation'), kept => true),
        where_so('legal_advice', 'headteacher',
            'Could it seriously damage the reputation of the school or of one of its staff?',
            'A lawyer is asked.', '5 school days', asks => part_of_record('legal_advice')),
        must('reassured', 'senior_leader',
            'Senior staff reassure and support those of the school whom it affects.',
            '2 school days', record => 'Who was supported, and how'),
        must('invited', 'headteacher', 'Whoever complains is invited to a meeting.',
            '3 school days', record => 'Who was invited, and for when'),
        must('first_meeting', 'headteacher', 'The meeting, with the evidence at hand.',
            '10 school days', after => 'invited',
            asks => meeting_covering(
                '{seriousness,removal,grievance,next_steps,complaints_procedure}')),
        where_so('taken_further', 'headteacher', 'Did the meeting leave it unsettled?',
            'The parents are told that the school takes it further.', '3 school days',
            after => 'first_meeting', record => 'Who was told, and how', tells => 'parents'),
        where_so('site', 'senior_leader', 'Does it break the rules of the site, or the law?',
            'It is reported to the site.', '1 school day', after => 'first_meeting',
            asks => contact('{network}')),
        where_so('police', 'headteacher',
            'Does it break the law: is it threatening, abusive, malicious, sexist, sexual, '
            'libellous, a hate crime, harassment or stalking?',
            'The police are told.', '1 school day', after => 'first_meeting',
            asks => contact('{police}'), kept => true),
        where_so('second_meeting', 'headteacher',
            'Do the posts go on, or is what was posted still there?',
            'A second meeting, in which how serious it is is said again.', '10 school days',
            after => 'first_meeting',
            asks => meeting_covering(
                '{seriousness,removal,grievance,next_steps,complaints_procedure}', times => 2))
    ],
    array[relies_on('Complaints procedure of the school')]);

-- PRC-08. Source 004, 11.1.
select usually('sexual_violence_harassment', 'PRC-08',
    'Online sexual violence or harassment between children',
    array[
        must('dsl_told', 'staff', 'The DSL or a deputy is told at once.', '30 minutes',
            record => 'Who told whom, and when'),
        where_so('offence', 'dsl', 'Has an offence been committed, or may one have been?',
            'The DSL speaks with the local police before anybody else does.', '4 hours',
            after => 'dsl_told', asks => contact('{police}'), kept => true),
        where_so('devices', 'dsl', 'Is any of it on a pupil''s device?',
            'The device is dealt with by the advice on searching, screening and confiscation.',
            '1 school day', asks => part_of_record('device_action')),
        must('support', 'dsl',
            'Every child concerned is safeguarded and supported, whichever their part: in '
            'blocking, reporting and removing, and by counselling or pastoral care.',
            '1 school day', asks => part_of_record('support')),
        where_so('referral', 'dsl',
            'Does it call for children''s social care or the police?',
            'A referral is made.', '1 school day', asks => contact('{social_care,police}'),
            kept => true),
        must('local_procedures', 'dsl',
            'It is done as the child protection and anti-bullying policies say.', '1 school day',
            record => 'Which were followed, and what they asked for'),
        must('parents', 'dsl', 'It is decided of each child whether and how the parents are told.',
            '1 school day', after => 'offence', asks => part_of_record('parents_decision'),
            tells => 'parents'),
        where_so('sanctions', 'headteacher', 'Does the behaviour policy ask for a sanction?',
            'It is given.', '5 school days', asks => part_of_record('sanction')),
        where_so('other_settings', 'dsl', 'Are children of another school or college concerned?',
            'The DSLs there are worked with.', '1 school day', after => 'offence',
            record => 'Which, and what was agreed', tells => 'others'),
        must('reviewed', 'senior_leader',
            'How it was handled is looked back on: whether it was well done, and what to change.',
            '20 school days', asks => part_of_record('debrief'))
    ],
    array[
        relies_on('Child protection policy of the school'),
        relies_on('Anti-bullying policy of the school'),
        relies_on('Behaviour policy of the school'),
        relies_on('Keeping children safe in education, part five', 2026,
            'https://www.gov.uk/government/publications/keeping-children-safe-in-education--2'),
        relies_on('Searching, screening and confiscation: advice for schools', 2022,
            'https://www.gov.uk/government/publications/searching-screening-and-confiscation')
    ]);

-- PRC-09. Source 004, 11.2; the five questions are those of the UK Council for Internet Safety, of
-- which a yes asks for an immediate referral.
select usually('youth_produced_imagery', 'PRC-09',
    'Nudes and semi-nudes that children made or shared',
    array[
        must('dsl_told', 'staff', 'The DSL or a deputy is told at once, and leads from here.',
            '30 minutes', record => 'Who told whom, and when'),
        must('nobody_looks', 'dsl',
            'Nobody looks at it, sends, shares, saves or copies it, or asks a child to.',
            '30 minutes', record => 'Who was told so'),
        where_so('viewed', 'dsl',
            'Was there no other way, or a clear need, for the DSL to look at it?',
            'The DSL or a deputy alone looked, and put down why.', '1 school day',
            asks => part_of_record('image_viewing'), by_post => true),
        asked('adult_involved', 'dsl', 'Is an adult involved?', '4 hours'),
        asked('coercion_or_capacity', 'dsl',
            'Is there coercion, blackmail or grooming, or a doubt whether the child could consent?',
            '4 hours'),
        asked('unusual_or_violent', 'dsl',
            'Does it show acts that are unusual for the child''s age, or violent?', '4 hours'),
        asked('under_13', 'dsl', 'Does it show sexual acts, and is a child under 13?', '4 hours'),
        asked('immediate_harm', 'dsl',
            'Is a child at immediate risk of harm, of harming themselves for example?', '4 hours'),
        where_so('referral', 'dsl',
            'Is it to be referred to children''s social care or the police?',
            'A referral is made.', '4 hours', asks => contact('{social_care,police}'),
            required_by => '{adult_involved,coercion_or_capacity,unusual_or_violent,under_13,'
                'immediate_harm}',
            kept => true),
        must('local_procedures', 'dsl',
            'It is done as the child protection policy and the safeguarding partnership say.',
            '1 school day', record => 'Which procedures were followed'),
        must('device_stored', 'dsl', 'The device is stored securely.', '4 hours',
            asks => device('{stored_securely,confiscated,quarantined}')),
        where_so('network', 'technician',
            'Was it taken or shared on the school''s network or devices?',
            'Nobody can reach it there any more, and it is isolated.', '4 hours',
            record => 'What was blocked, and where it is isolated'),
        must('risk_assessed', 'dsl',
            'The risk is assessed: how vulnerable each child is, and what other agencies know.',
            '1 school day', asks => part_of_record('risk_assessment')),
        must('parents', 'dsl', 'It is decided of each child whether and how the parents are told.',
            '1 school day', asks => part_of_record('parents_decision'), tells => 'parents'),
        must('support', 'dsl', 'The children are safeguarded and supported.', '1 school day',
            asks => part_of_record('support')),
        where_so('sanctions', 'headteacher', 'Does the behaviour policy ask for a sanction?',
            'It is given with care, so that nobody is harmed by it again.', '5 school days',
            asks => part_of_record('sanction')),
        where_so('deletion', 'dsl', 'Is the image to be deleted?',
            'It is, once the DSL has put down that no other agency needs to be involved, and that '
            'it puts no child at risk and harms no investigation.',
            '5 school days', after => 'referral', asks => part_of_record('image_deletion'),
            by_post => true),
        must('reviewed', 'senior_leader',
            'How it was handled is looked back on, and those who lead change what is to be changed.',
            '20 school days', asks => part_of_record('debrief'))
    ],
    array[
        relies_on('Child protection policy of the school'),
        relies_on('Procedures of the local safeguarding partnership'),
        relies_on('Sharing nudes and semi-nudes: advice for education settings (UKCIS)', 2024,
            'https://www.gov.uk/government/publications/sharing-nudes-and-semi-nudes-advice-for-'
            'education-settings-working-with-children-and-young-people'),
        relies_on('Searching, screening and confiscation: advice for schools', 2022,
            'https://www.gov.uk/government/publications/searching-screening-and-confiscation')
    ],
    led_by => '{dsl,deputy_dsl}', raises => true);

-- PRC-11. Source 004, 11.3.
select usually('exploitation', 'PRC-11', 'Online sexual abuse and exploitation of a child',
    array[
        must('dsl_told', 'staff', 'The DSL or a deputy is told at once, and deals with it.',
            '30 minutes', record => 'Who told whom, and when'),
        must('police', 'dsl',
            'The local police are told straight away: 999 where a child is in immediate danger, '
            'else 101.',
            '30 minutes', asks => contact('{police}', '{999,101}'), kept => true),
        where_so('social_care', 'dsl', 'Does it call for children''s social care?',
            'A referral is made.', '4 hours', asks => contact('{social_care}'), kept => true),
        where_so('unclear', 'dsl', 'Is it unclear whether an offence has been committed?',
            'The police are asked for advice, by 101.', '30 minutes',
            asks => contact('{police}', '{101}'), kept => true),
        where_so('intelligence', 'dsl', 'Is there anything else that the police may want to know?',
            'It is passed on by 101, or by 999 where it cannot wait.', '4 hours',
            asks => contact('{police}', '{101,999}'), kept => true),
        where_so('other_settings', 'dsl', 'May children elsewhere have been targeted?',
            'The police are asked first, so that no investigation suffers.', '4 hours',
            asks => contact('{police}'), kept => true),
        must('local_procedures', 'dsl',
            'It is done as the child protection policy and the safeguarding partnership say.',
            '1 school day', record => 'Which procedures were followed'),
        where_so('device_stored', 'dsl', 'Is there a device to be stored?',
            'It is stored securely.', '4 hours', asks => device('{stored_securely,confiscated,quarantined}')),
        must('risk_assessed', 'dsl',
            'The risk is assessed: how vulnerable each child is, and what other agencies know.',
            '1 school day', asks => part_of_record('risk_assessment')),
        must('parents', 'dsl', 'The parents of each child are told, unless that must not be.',
            '1 school day', after => 'police', asks => part_of_record('parents_decision'),
            tells => 'parents'),
        where_so('child_decides', 'dsl', 'Can the child take part in what is decided?',
            'They do and, where that is right, report it themselves, to CEOP for example.',
            '2 school days', asks => part_of_record('learners_voice')),
        must('support', 'dsl', 'The children are safeguarded and supported.', '1 school day',
            asks => part_of_record('support')),
        must('reviewed', 'senior_leader',
            'How it was handled is looked back on, and those who lead change what is to be changed.',
            '20 school days', asks => part_of_record('debrief'))
    ],
    array[
        relies_on('Child protection policy of the school'),
        relies_on('Procedures of the local safeguarding partnership'),
        relies_on('CEOP Safety Centre', link => 'https://www.ceop.police.uk/safety-centre/')
    ]);

-- PRC-12. Source 004, 11.4.
select usually('indecent_images_any', 'PRC-12', 'Indecent images of children',
    array[
        must('agencies', 'dsl',
            'The Internet Watch Foundation, the police or the LADO, whichever it is for, is told '
            'at once.',
            '30 minutes', asks => contact('{iwf,police,lado}'), kept => true),
        where_so('unclear', 'dsl', 'Is it unclear whether an offence has been committed?',
            'The police are asked for advice at once, by 101.', '30 minutes',
            asks => contact('{police}', '{101}'), kept => true),
        must('local_procedures', 'dsl',
            'It is done as the child protection policy and the safeguarding partnership say.',
            '1 school day', record => 'Which procedures were followed'),
        must('device_stored', 'dsl', 'Every device concerned is stored securely.', '4 hours',
            asks => device('{stored_securely,confiscated,quarantined}'))
    ],
    array[
        relies_on('Child protection policy of the school'),
        relies_on('Procedures of the local safeguarding partnership'),
        relies_on('Internet Watch Foundation', link => 'https://report.iwf.org.uk')
    ],
    raises => true);

-- PRC-13. Source 004, 11.4.
select usually('indecent_images_inadvertent', 'PRC-13',
    'Indecent images of children, seen by accident',
    array[
        must('dsl_told', 'staff', 'The DSL or a deputy is told.', '30 minutes',
            record => 'Who told whom, and when'),
        must('address', 'dsl', 'The addresses are reported to the Internet Watch Foundation.',
            '4 hours', asks => contact('{iwf}'), kept => true),
        must('copies', 'technician', 'Every copy that exists, in e-mails for example, is deleted.',
            '1 school day', after => 'address', asks => part_of_record('image_deletion')),
        where_so('parents', 'dsl', 'Was a child exposed to them?',
            'It is decided of each child whether and how the parents are told.', '1 school day',
            asks => part_of_record('parents_decision'), tells => 'parents')
    ],
    array[
        relies_on('Child protection policy of the school'),
        relies_on('Internet Watch Foundation', link => 'https://report.iwf.org.uk')
    ],
    with_it => '{indecent_images_any}', raises => true);

-- PRC-14. Source 004, 11.4.
select usually('indecent_images_on_devices', 'PRC-14',
    'Indecent images of children, found on the school''s devices',
    array[
        must('dsl_told', 'staff', 'The DSL or a deputy is told.', '30 minutes',
            record => 'Who told whom, and when'),
        must('police', 'dsl',
            'The police are told: 999 where there is an immediate risk of harm, else 101.',
            '30 minutes', asks => contact('{police}', '{999,101}'), kept => true),
        where_so('social_care', 'dsl', 'Does it call for children''s services?',
            'They are told.', '4 hours', asks => contact('{social_care}'), kept => true),
        must('address', 'dsl', 'The addresses are reported to the Internet Watch Foundation.',
            '4 hours', asks => contact('{iwf}'), kept => true),
        where_so('police_copies', 'dsl', 'Have the police asked that copies be kept?',
            'They are kept where nobody else can reach them, until the police have them.',
            '1 school day', after => 'police', record => 'What they asked for, and where it is'),
        must('copies', 'technician', 'Every other copy, in e-mails for example, is deleted.',
            '1 school day', after => 'police', asks => part_of_record('image_deletion')),
        where_so('parents', 'dsl', 'Is a child concerned?',
            'It is decided of each child whether and how the parents are told.', '1 school day',
            after => 'police', asks => part_of_record('parents_decision'), tells => 'parents')
    ],
    array[
        relies_on('Child protection policy of the school'),
        relies_on('Internet Watch Foundation', link => 'https://report.iwf.org.uk')
    ],
    with_it => '{indecent_images_any}', raises => true);

-- PRC-15. Source 004, 11.4.
select usually('indecent_images_staff', 'PRC-15',
    'Indecent images of children, in the possession of a member of staff',
    array[
        must('head_told', 'staff',
            'The headteacher, or another DSL, is told without any delay, by the policy on '
            'allegations.',
            '30 minutes', record => 'Who told whom, and when'),
        must('lado', 'headteacher', 'The LADO is told.', '4 hours', asks => contact('{lado}'),
            kept => true),
        must('quarantined', 'technician',
            'Every device is quarantined until the police have advised.', '30 minutes',
            asks => device('{quarantined}')),
        must('police_advice', 'headteacher', 'The police are asked for advice.', '4 hours',
            asks => contact('{police}'), kept => true),
        where_so('others_told', 'headteacher',
            'Does the policy on allegations name anybody else who is to be told?',
            'They are told.', '1 school day', record => 'Who was told', tells => 'others')
    ],
    array[
        relies_on('Policy on allegations against staff of the school'),
        relies_on('Child protection policy of the school')
    ],
    with_it => '{indecent_images_any}', raises => true);

-- PRC-16. Source 004, 11.6.
select usually('hate', 'PRC-16', 'Online hate',
    array[
        where_so('police', 'dsl', 'Is an offence suspected?', 'The police are told.', '1 school day',
            asks => contact('{police}'), kept => true),
        where_so('advice', 'dsl',
            'Is it unclear what to do, or whether an offence has been committed?',
            'The police, or the local body for hate crime, are asked for advice.', '1 school day',
            asks => contact('{police,hate_crime}')),
        must('policies', 'senior_leader',
            'It is dealt with by the anti-bullying and behaviour policies.', '5 school days',
            record => 'What was done by which policy')
    ],
    array[
        relies_on('Anti-bullying policy of the school'),
        relies_on('Behaviour policy of the school'),
        relies_on('The local body for advice on hate crime')
    ]);

-- PRC-17. Source 004, 11.7.
select usually('radicalisation_child', 'PRC-17',
    'Online radicalisation of a child, or of a parent or carer',
    array[
        must('dsl_told', 'staff', 'The DSL or a deputy is told at once.', '30 minutes',
            record => 'Who told whom, and when'),
        must('pathway', 'dsl',
            'It is dealt with by the child protection policy and the local Prevent pathway.',
            '1 school day', record => 'What was done by which'),
        where_so('channel', 'dsl', 'Does it call for a referral into Channel?',
            'It is referred.', '1 school day', asks => contact('{prevent}'), kept => true)
    ],
    array[
        relies_on('Child protection policy of the school'),
        relies_on('The local Prevent pathway'),
        relies_on('Prevent duty guidance: England and Wales', 2023,
            'https://www.gov.uk/government/publications/prevent-duty-guidance')
    ]);

-- PRC-18. Source 004, 11.7.
select usually('radicalisation_staff', 'PRC-18', 'Online radicalisation of a member of staff',
    array[
        must('head_told', 'staff', 'The headteacher, or another DSL, is told at once.',
            '30 minutes', record => 'Who told whom, and when'),
        must('policies', 'headteacher',
            'It is dealt with by the child protection policy and the policy on allegations.',
            '1 school day', record => 'What was done by which')
    ],
    array[
        relies_on('Child protection policy of the school'),
        relies_on('Policy on allegations against staff of the school')
    ]);

-- PRC-19. Source 004, 7.3.2; sources 000 and 003.
select usually('unsuitable_site', 'PRC-19', 'An unsuitable site, or a breach of the filtering',
    array[
        must('screen_off', 'staff',
            'A member of staff is told at once, and turns the screen off or takes the device away.',
            '30 minutes', record => 'Who told whom, and what was done with the device'),
        must('reported', 'staff',
            'It is told, with the address if that can be, to whoever the school names: the DSL, '
            'the coordinator, the technical staff.',
            '4 hours', record => 'Who told whom'),
        where_so('illegal', 'dsl', 'Is any of it believed to be illegal?',
            'The Internet Watch Foundation, the police or CEOP are told at once.', '30 minutes',
            asks => contact('{iwf,police,ceop}'), kept => true),
        must('breach', 'online_safety_coordinator',
            'That it came through the filtering is put down, and taken further where it should be.',
            '1 school day', record => 'What was blocked, and who was told'),
        where_so('county', 'online_safety_coordinator',
            'Is the filtering run by the local authority?',
            'The authority''s procedure is followed.', '1 school day',
            record => 'Who was told there, and what they did'),
        where_so('parents', 'dsl', 'Was a child involved?',
            'The parents of each child are told.', '1 school day',
            asks => part_of_record('parents_decision'), tells => 'parents')
    ],
    array[
        relies_on('Filtering procedure of whoever runs the filtering'),
        relies_on('Internet Watch Foundation', link => 'https://report.iwf.org.uk'),
        relies_on('CEOP Safety Centre', link => 'https://www.ceop.police.uk/safety-centre/')
    ]);

-- PRC-20. Source 001, section 4 (reporting); sources 002 and 003.
select usually('upsetting_message', 'PRC-20',
    'An offensive, abusive or upsetting message, or material come upon by accident',
    array[
        must('reported', 'staff',
            'It is told at once to the first member of staff who can be reached, a DSL or the '
            'headteacher.',
            '30 minutes', record => 'Who told whom'),
        must('no_reply', 'staff', 'Nobody replies to it.', '30 minutes',
            record => 'Who was told not to'),
        where_so('safeguarding', 'dsl', 'Is it likely to do significant harm?',
            'The safeguarding procedure is followed.', '4 hours',
            record => 'What was done by it'),
        where_so('referral', 'dsl', 'Does the DSL judge that it is to be referred?',
            'Children''s social care or the police are told.', '1 school day',
            asks => contact('{social_care,police}'), kept => true)
    ],
    array[relies_on('Child protection policy of the school')]);

-- PRC-21. Source 004, section 10; sources 001, 002 and 003.
select usually('illegal_activity', 'PRC-21', 'Suspected illegal activity',
    array[
        must('police', 'dsl',
            'The police are told: 999 where there is immediate danger or risk of harm, else 101.',
            '30 minutes', asks => contact('{police}', '{999,101}'), kept => true),
        must('local_procedures', 'dsl', 'The local safeguarding procedures are followed.',
            '1 school day', record => 'Which procedures were followed'),
        where_so('serious_misuse', 'headteacher', 'Is it a serious misuse of the school''s systems?',
            'How to go on is agreed with the police.', '1 school day', after => 'police',
            record => 'What was agreed, and with whom')
    ],
    array[
        relies_on('Child protection policy of the school'),
        relies_on('Procedures of the local safeguarding partnership')
    ]);

-- PRC-22. Source 004, section 10.
select usually('beyond_the_school', 'PRC-22', 'What reaches beyond the school',
    array[
        must('asked_first', 'dsl',
            'The headteacher or a DSL speaks first with children''s social care or the police, so '
            'that no investigation suffers.',
            '4 hours', asks => contact('{social_care,police}'), kept => true),
        where_so('others_told', 'headteacher', 'May others be told, as those advise?',
            'They are told: other settings, the public.', '1 school day', after => 'asked_first',
            record => 'Who was told what', tells => 'others')
    ],
    array[relies_on('Procedures of the local safeguarding partnership')]);

-- PRC-23. Source 000 (scope); source 002, section 5; source 004, 11.4.
select usually('staff_allegation', 'PRC-23',
    'A serious online safety allegation against a member of staff',
    array[
        must('head_told', 'staff', 'The headteacher is told, and leads.', '30 minutes',
            record => 'Who told whom, and when'),
        must('second_leader', 'second_senior_leader',
            'A second senior leader knows what is to be done, and takes part.', '1 school day',
            record => 'Who it is'),
        must('lado', 'headteacher', 'The LADO is told.', '1 school day', asks => contact('{lado}'),
            kept => true),
        must('disciplinary', 'headteacher',
            'The disciplinary procedure of the local authority is followed.', '5 school days',
            record => 'What was done by it')
    ],
    array[
        relies_on('Policy on allegations against staff of the school'),
        relies_on('Disciplinary procedure of the local authority')
    ],
    led_by => '{headteacher,chair_of_governors}');

-- PRC-24. Source 003, web.
select usually('obsessive_behaviour', 'PRC-24', 'Obsessive use of games, sites or chat',
    array[
        must('leaders_told', 'staff', 'The teacher tells senior leaders first.', '1 school day',
            record => 'Who told whom'),
        must('parents', 'staff', 'Then the parents are spoken with.', '3 school days',
            after => 'leaders_told', asks => part_of_record('parents_decision'),
            tells => 'parents')
    ],
    array[relies_on('Behaviour policy of the school')]);

-- PRC-25. Source 003, handling of concerns.
select usually('outside_school', 'PRC-25', 'Unsafe use outside school',
    array[
        must('dsl_told', 'staff', 'The DSL is told urgently.', '4 hours',
            record => 'Who told whom, and when'),
        must('parents', 'dsl', 'The DSL decides how the parents are told.', '1 school day',
            after => 'dsl_told', asks => part_of_record('parents_decision'), tells => 'parents')
    ],
    array[relies_on('Child protection policy of the school')]);

-- PRC-26. Source 004, section 8; source 002, section 9.
select usually('social_media_use', 'PRC-26', 'Use of social media, and conduct there',
    array[
        must('dsl_told', 'staff', 'The DSL is told.', '1 school day',
            record => 'Who told whom, and when'),
        where_so('senior_told', 'staff',
            'Is it the conduct of a member of staff: defamatory, discriminatory, offensive, '
            'harassing, or a breach of data protection, confidentiality or copyright?',
            'A suitable senior colleague is told without delay.', '4 hours',
            record => 'Who was told'),
        where_so('escalated', 'senior_leader', 'Is it to be taken further?',
            'It is: to the headteacher, the governors or whoever else it is for.', '2 school days',
            after => 'senior_told', record => 'To whom, and what they decided'),
        must('policies', 'dsl',
            'It is dealt with by the policies that are there: against bullying, on allegations, on '
            'behaviour, on child protection.',
            '5 school days', record => 'What was done by which policy'),
        where_so('parents', 'dsl',
            'Is it a pupil''s use, above all of something for which they are too young?',
            'It is shared with the parents, as is right.', '2 school days',
            asks => part_of_record('parents_decision'), tells => 'parents')
    ],
    array[
        relies_on('Anti-bullying policy of the school'),
        relies_on('Behaviour policy of the school'),
        relies_on('Policy on allegations against staff of the school'),
        relies_on('Child protection policy of the school')
    ]);

-- PRC-27. Source 004, 7.2 and 7.3.4.
select usually('monitoring_concern', 'PRC-27', 'A concern that monitoring found',
    array[
        must('records_read', 'technician', 'The records of access are gone through.',
            '1 school day', record => 'What they showed'),
        where_so('blocked', 'technician', 'Did they show sites that are to be blocked?',
            'Those are blocked.', '1 school day', after => 'records_read',
            record => 'What was blocked, by its reference where it must not be written out'),
        must('supported', 'dsl', 'The pupil is offered advice and support.', '2 school days',
            asks => part_of_record('support'))
    ],
    array[relies_on('What users were told of being monitored')]);


-- Appendix 2 of the matrix. "Sexting or child abuse images" is one box on the form and five
-- procedures here: who triages says which. The same of bullying that may be sexual, of what may be a
-- site or a social network, and of whom somebody radicalises.
insert into usual_procedure_map (type, version, attached, choose, offered) values
    ('age_inappropriate', 1, '{}', '{unsuitable_site,social_media_use}', '{}'),
    ('chain_threatening', 1, '{upsetting_message}', '{}', '{}'),
    ('cyberbullying', 1, '{}', '{cyberbullying,sexual_violence_harassment}', '{}'),
    ('hate', 1, '{hate}', '{}', '{}'),
    ('sexting_iioc', 1, '{}',
        '{youth_produced_imagery,indecent_images_any,indecent_images_inadvertent,indecent_images_on_devices,indecent_images_staff}',
        '{}'),
    ('grooming', 1, '{exploitation}', '{}', '{}'),
    ('pornographic', 1, '{unsuitable_site}', '{}', '{sexual_violence_harassment}'),
    ('violent', 1, '{unsuitable_site}', '{}', '{}'),
    ('account_impersonation', 1, '{cyberbullying}', '{}', '{}'),
    ('account_misuse', 1, '{illegal_activity}', '{}', '{}'),
    ('images_no_permission', 1, '{cyberbullying}', '{}', '{}'),
    ('disrepute', 1, '{negative_comments}', '{}', '{}'),
    ('gambling', 1, '{}', '{}', '{}'),
    ('bypass_security', 1, '{monitoring_concern}', '{}', '{}'),
    ('hacking_viruses', 1, '{illegal_activity}', '{}', '{}'),
    ('terrorist', 1, '{illegal_activity}', '{radicalisation_child,radicalisation_staff}', '{}'),
    ('drug_bomb', 1, '{illegal_activity}', '{}', '{}'),
    ('copyright', 1, '{}', '{}', '{}'),
    ('aua_breach_other', 1, '{}', '{}', '{}'),
    ('other', 1, '{}', '{}', '{}');

drop function
    usually(text, text, text, jsonb[], jsonb[], text[], text[], boolean),
    relies_on(text, integer, text), part_of_record(text), contact(text[], text[]),
    meeting_covering(text[], integer), device(text[]), asked(text, text, text, text),
    where_so(
        text, text, text, text, text, text, text, jsonb, text, text[], boolean, boolean),
    must(text, text, text, text, text, text, jsonb, text, boolean, boolean),
    a_step(
        text, text, text, text, text, text, text, text, jsonb, text, text[], boolean, boolean);
