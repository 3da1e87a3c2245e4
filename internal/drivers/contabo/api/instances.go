package api

import (
	"context"
	"iter"
	"net/url"
	"strconv"
)

const instancesPath = "/v1/compute/instances"

// Instance is the part of an instance that this project needs (Contabo API: InstanceResponse).
type Instance struct {
	InstanceID  int64  `json:"instanceId"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	Region      string `json:"region"`
	Status      string `json:"status"`
	ProductType string `json:"productType"`
	// ErrorMessage is the reason of the status error.
	ErrorMessage string `json:"errorMessage"`
}

// RetrieveInstancesList yields the instances of the account, page by page (Contabo API: retrieveInstancesList).
func (c *Client) RetrieveInstancesList(ctx context.Context) iter.Seq2[[]Instance, error] {
	return list[Instance](ctx, c, instancesPath, "instanceId", url.Values{})
}

// RetrieveInstance reads an instance (Contabo API: retrieveInstance).
func (c *Client) RetrieveInstance(ctx context.Context, instanceID int64) (Instance, error) {
	id := strconv.FormatInt(instanceID, 10)
	return get[Instance](ctx, c, instancesPath+"/"+id, id)
}

func (i Instance) key() string {
	if i.InstanceID == 0 {
		return ""
	}
	return strconv.FormatInt(i.InstanceID, 10)
}
func (Instance) noun() string { return "instance" }
