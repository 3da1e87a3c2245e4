package sim

import "time"

// defaultZone is the zone of the environment, and of endpoints in which the client fills in no zone.
const defaultZone = "ch-gva-2"

// The seeded instances. The first digit of the ID is the zone, the last group the instance.
const (
	GenevaWeb     = "c1000000-0000-4000-8000-000000000001" // running
	GenevaDB      = "c1000000-0000-4000-8000-000000000002" // running, application consistent, has GenevaOld
	GenevaCache   = "c1000000-0000-4000-8000-000000000003" // running
	GenevaWorker  = "c1000000-0000-4000-8000-000000000004" // running
	GenevaQueue   = "c1000000-0000-4000-8000-000000000005" // running
	GenevaStandby = "c1000000-0000-4000-8000-000000000009" // stopped

	FrankfurtWeb     = "d1000000-0000-4000-8000-000000000001" // running
	FrankfurtDB      = "d1000000-0000-4000-8000-000000000002" // running, application consistent, has FrankfurtOld
	FrankfurtCache   = "d1000000-0000-4000-8000-000000000003" // running
	FrankfurtWorker  = "d1000000-0000-4000-8000-000000000004" // running
	FrankfurtQueue   = "d1000000-0000-4000-8000-000000000005" // running
	FrankfurtStandby = "d1000000-0000-4000-8000-000000000009" // stopped
)

// The seeded snapshots, three days old.
const (
	GenevaOld    = "c2000000-0000-4000-8000-000000000001"
	FrankfurtOld = "d2000000-0000-4000-8000-000000000001"
)

// The seeded public templates.
const (
	GenevaDebian    = "c3000000-0000-4000-8000-000000000001"
	GenevaUbuntu    = "c3000000-0000-4000-8000-000000000002"
	FrankfurtDebian = "d3000000-0000-4000-8000-000000000001"
	FrankfurtUbuntu = "d3000000-0000-4000-8000-000000000002"
)

// instanceType is the ID of standard.small, in all zones.
const instanceType = "e1000000-0000-4000-8000-000000000001"

// The quotas of Frankfurt. Geneva has none.
const (
	FrankfurtSnapshots = 10
	FrankfurtTemplates = 5
)

const (
	gib = 1 << 30
	day = 24 * time.Hour
)

// seed returns the state at every start.
func seed(now time.Time) state {
	out := state{Zones: []*zone{
		seedZone(now, defaultZone, "192.0.2.",
			[]string{GenevaWeb, GenevaDB, GenevaCache, GenevaWorker, GenevaQueue, GenevaStandby},
			GenevaOld, GenevaDebian, GenevaUbuntu),
		seedZone(now, "de-fra-1", "198.51.100.",
			[]string{FrankfurtWeb, FrankfurtDB, FrankfurtCache, FrankfurtWorker, FrankfurtQueue, FrankfurtStandby},
			FrankfurtOld, FrankfurtDebian, FrankfurtUbuntu),
	}}
	out.zone("de-fra-1").Limits = map[string]int{quotaSnapshot: FrankfurtSnapshots, quotaTemplate: FrankfurtTemplates}
	return out
}

func seedZone(now time.Time, name, network string, ids []string, old, debian, ubuntu string) *zone {
	z := &zone{Name: name}
	made := now.Add(-90 * day).Truncate(time.Second)
	for n, kind := range []struct {
		name, state string
		disk        uint32
		consistent  bool
	}{
		{"web-1", running, 10, false},
		{"db-1", running, 50, true},
		{"cache-1", running, 10, false},
		{"worker-1", running, 20, false},
		{"queue-1", running, 20, false},
		{"standby-1", stopped, 10, false},
	} {
		z.Instances = append(z.Instances, &instance{
			ID: ids[n], Name: kind.name, State: kind.state, CreatedAt: made, DiskGiB: kind.disk,
			TemplateID: debian, Consistent: kind.consistent,
			PublicIP: network + string(rune('1'+n)),
		})
	}
	taken := now.Add(-3 * day).Truncate(time.Second)
	z.Snapshots = []*snapshot{{
		ID: old, InstanceID: ids[1], Name: "db-1_" + taken.Format("20060102150405"), State: ready, CreatedAt: taken,
		SizeGiB: 50, Consistent: true, BootMode: "uefi",
	}}
	z.Templates = []*template{
		publicTemplate(
			debian,
			"Linux Debian 13 (Trixie) 64-bit",
			"debian",
			"13",
			"0123456789abcdef0123456789abcd13",
			made,
		),
		publicTemplate(
			ubuntu,
			"Linux Ubuntu 24.04 LTS 64-bit",
			"ubuntu",
			"24.04",
			"0123456789abcdef0123456789ab2404",
			made,
		),
	}
	return z
}

func publicTemplate(id, name, user, version, checksum string, made time.Time) *template {
	return &template{
		ID: id, Name: name, Description: name, Family: name, SizeBytes: 10 * gib, Checksum: checksum, BootMode: "uefi",
		Build: "2026-08-01-" + user, Version: version, Maintainer: "Exoscale", DefaultUser: user,
		URL:        "https://templates.example.net/" + user + "-" + version + ".qcow2",
		Visibility: public, SSHKey: true, CreatedAt: made,
	}
}
