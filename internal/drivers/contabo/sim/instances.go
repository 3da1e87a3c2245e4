package sim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// findInstance returns the instance with an ID, or nil.
func (s *Simulator) findInstance(id int64) *instance {
	for i := range s.State.Instances {
		if s.State.Instances[i].ID == id {
			return &s.State.Instances[i]
		}
	}
	return nil
}

// SourceStates returns the states of an instance that SetSourceState accepts.
func (s *Simulator) SourceStates() []string { return []string{running, stopped} }

// SetSourceState starts or stops an instance. A rollback sets the state when it ends: meanwhile this is an error.
func (s *Simulator) SetSourceState(source simkit.Source, state string) error {
	for n := range s.State.Instances {
		if i := &s.State.Instances[n]; strconv.FormatInt(i.ID, 10) == source.SourceID {
			if i.Rollback != nil {
				return fmt.Errorf("the instance %d is %s; wait for the end of the rollback", i.ID, i.Status)
			}
			i.Status, i.ErrorMessage = state, ""
		}
	}
	return nil
}

// finishRollbacks ends the rollbacks that are due.
func (s *Simulator) finishRollbacks() {
	for n := range s.State.Instances {
		i := &s.State.Instances[n]
		if i.Rollback == nil || !s.Due(i.Rollback.Started) {
			continue
		}
		i.Status, i.ErrorMessage = i.Rollback.Status, ""
		if i.Rollback.Fails {
			i.Status, i.ErrorMessage = failed, "the disk could not be written"
		}
		i.Rollback = nil
	}
}

// lock refuses a change of an instance while a rollback works on its disk.
func (i *instance) lock() *failure {
	if i.Rollback == nil {
		return nil
	}
	return fail(http.StatusConflict, "Instance %d is locked: a rollback is in progress", i.ID)
}

func noInstance(id int64) *failure {
	return notFound("Instances", "instanceId", strconv.FormatInt(id, 10))
}

func instancePath(id int64) string { return "/v1/compute/instances/" + strconv.FormatInt(id, 10) }

// getInstance is retrieveInstance.
func (s *Simulator) getInstance(w http.ResponseWriter, _ *http.Request, id int64) {
	i := s.findInstance(id)
	if i == nil {
		noInstance(id).answer(w)
		return
	}
	s.one(w, http.StatusOK, instancePath(id), s.instanceRecord(*i))
}

// listInstances is retrieveInstancesList.
func (s *Simulator) listInstances(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	p, broken := readPage(query, "name", "displayName", "dataCenter", "region", "instanceId", "instanceIds", "status",
		"productIds", "addOnIds", "productTypes", "ipConfig", "search")
	if broken != nil {
		broken.answer(w)
		return
	}
	contains := func(name, value string) bool { return strings.Contains(value, query.Get(name)) }
	equals := func(name, value string) bool { return query.Get(name) == "" || query.Get(name) == value }
	var found []record
	for _, i := range s.State.Instances {
		id := strconv.FormatInt(i.ID, 10)
		search := query.Get("search")
		switch {
		case !contains("name", vmName(i)), !contains("displayName", i.DisplayName),
			!equals("dataCenter", dataCenter), !equals("region", i.Region), !equals("instanceId", id),
			!csv(query.Get("instanceIds"), id), !csv(query.Get("status"), i.Status),
			!csv(query.Get("productIds"), i.ProductID),
			!csv(query.Get("productTypes"), i.ProductType),
			// No instance has an add-on, and each has addresses.
			query.Get("addOnIds") != "", query.Get("ipConfig") == "false",
			!strings.Contains(strings.Join([]string{vmName(i), i.DisplayName, id, address(i)}, " "), search):
			continue
		}
		found = append(found, s.instanceRecord(i))
	}
	if broken := p.sort(found, s.instanceRecord(instance{})); broken != nil {
		broken.answer(w)
		return
	}
	s.list(w, r, found, p)
}

const dataCenter = "European Union 1"

// vmName is the name that Contabo sets; the customer sets the display name.
func vmName(i instance) string { return fmt.Sprintf("vmi%d", i.ID) }

// address returns an address from the range that is reserved for documentation.
func address(i instance) string { return fmt.Sprintf("192.0.2.%d", i.ID%200+1) }

// instanceRecord returns all members that InstanceResponse requires.
func (s *Simulator) instanceRecord(i instance) record {
	osType := ""
	if image := s.findImage(i.ImageID); image != nil {
		osType = image.OSType
	}
	return record{
		"tenantId":      tenantID,
		"customerId":    customerID,
		"additionalIps": []any{},
		"name":          vmName(i),
		"displayName":   i.DisplayName,
		"instanceId":    i.ID,
		"dataCenter":    dataCenter,
		"region":        i.Region,
		"regionName":    "European Union",
		"productId":     i.ProductID,
		"imageId":       i.ImageID,
		"ipConfig": record{
			"v4": record{"ip": address(i), "netmaskCidr": 24, "gateway": "192.0.2.254"},
			"v6": record{"ip": fmt.Sprintf("2001:db8::%d", i.ID), "netmaskCidr": 64, "gateway": "fe80::1"},
		},
		"macAddress":   fmt.Sprintf("02:00:00:00:%02X:%02X", i.ID>>8&0xff, i.ID&0xff),
		"ramMb":        i.RAMMB,
		"cpuCores":     i.CPUCores,
		"osType":       osType,
		"diskMb":       i.DiskMB,
		"sshKeys":      []int64{},
		"createdDate":  stamp(i.Created),
		"cancelDate":   "",
		"status":       i.Status,
		"vHostId":      1000 + i.ID%7,
		"vHostNumber":  1000 + i.ID%7,
		"vHostName":    fmt.Sprintf("m%d", 1000+i.ID%7),
		"addOns":       []any{},
		"errorMessage": i.ErrorMessage,
		"productType":  i.ProductType,
		"productName":  i.ProductName,
		"defaultUser":  "root",
	}
}
